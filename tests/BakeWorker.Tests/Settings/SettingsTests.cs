namespace BakeWorker.Tests.Settings;

public sealed class SettingsTests : IDisposable
{
    private readonly CommandLine _line = new();

    public void Dispose() => _line.Dispose();

    [Fact]
    public void UnknownSetting_IsRefused_WithWhatWasMeant()
    {
        _line.Environment["BAKEWORKER__CONSUMER__CONCURENCY"] = "5";

        _line.Bake().Should().Be(2);

        _line.ErrorLines.Should().ContainSingle().Which.Should().ContainAll("CONCURENCY", "did you mean 'Concurrency'?");
    }

    [Fact]
    public void EveryError_IsNamedAtOnce_WithWhatWouldGoWrong()
    {
        _line.Write(
            "appsettings.json",
            """{ "BakeWorker": { "Consumer": { "Visibility": "10s", "Concurrency": "many" }, "Waiting": { "Fast": "20s" }, "Aws": "x" } }"""
        );

        _line.Bake("--set", "Bakery:SealDelay=0s").Should().Be(2);

        _line
            .Error.ToString()
            .Should()
            .ContainAll(
                "BakeWorker:Consumer:Visibility is 00:00:10: one slow heartbeat would hand bakes to a second worker",
                "BakeWorker:Consumer:Concurrency is 'many'; write a whole number",
                "BakeWorker:Waiting:Slow is 00:00:15: images would be read more often than instances",
                "BakeWorker:Aws is 'x', but it is a group of settings",
                "BakeWorker:Bakery:SealDelay is 00:00:00"
            );
        _line.ErrorLines.Should().HaveCount(5);
    }

    [Theory]
    [InlineData("Consumer:Visibility=2h", "BakeWorker:Consumer:Visibility is 02:00:00: nobody would go on")]
    [InlineData("Waiting:Patience=2h", "and Patience 02:00:00: bakes would stand still for longer than an hour")]
    public void Pause_BeyondMeasure_IsRefused(string setting, string error)
    {
        _line.Bake("--set", setting).Should().Be(2);

        _line.ErrorLines.Should().ContainSingle().Which.Should().Contain(error);
    }

    [Fact]
    public void Run_WithoutSettings_NamesEachThatIsMissing()
    {
        _line.Run("run").Should().Be(2);

        _line
            .ErrorLines.Should()
            .HaveCount(6)
            .And.Contain(line => line.Contains("BakeWorker:Aws:Queue is missing"))
            .And.Contain(line => line.Contains("BakeWorker:Bakery:BuilderSubnets is missing"))
            .And.Contain(line => line.Contains("BakeWorker:Bakery:SandboxSubnets is missing"))
            .And.Contain(line => line.Contains("BakeWorker:Bakery:InstanceProfile is missing"))
            .And.Contain(line => line.Contains("BakeWorker:Proof:Bucket is missing"))
            .And.Contain(line => line.Contains("BakeWorker:Proof:KmsKey is missing"));
    }

    [Fact]
    public void Run_WithTwoPlacesAndTwoKeysForProofs_IsRefused()
    {
        string[] both = ["Folder=a", "Bucket=b", "KeyFile=c", "KmsKey=d", "BuilderId=us"];

        _line.Run(["run", .. both.SelectMany(pair => new[] { "--set", $"Proof:{pair}" })]).Should().Be(2);

        _line
            .Error.ToString()
            .Should()
            .ContainAll(
                "Proof:Folder is a: proofs are already kept",
                "Proof:KeyFile is c: Proof:KmsKey signs",
                "Proof:BuilderId is us: SLSA wants"
            );
    }

    [Fact]
    public void LaterSource_Wins_AndListsReplaceTheirDefault()
    {
        _line.Write("appsettings.json", """{ "BakeWorker": { "Bakery": { "Worker": "from-file" } } }""");
        _line.Environment["BAKEWORKER__BAKERY__INSTANCETYPES"] = "m5.large, m6i.large";
        _line.Environment["BAKEWORKER__BAKERY__WORKER"] = "from-environment";

        _line.Bake("--json").Should().Be(0);
        _line.Json.GetProperty("worker").GetString().Should().Be("from-environment");

        _line.Bake("--json", "--set", "Bakery.Worker=from-line").Should().Be(0);
        _line.Json.GetProperty("worker").GetString().Should().Be("from-line");
    }

    [Fact]
    public void FurtherFile_ThatIsNotThereOrNoJson_IsOneSentence()
    {
        _line.Bake("--settings", "nowhere.json").Should().Be(2);
        _line.ErrorLines.Should().ContainSingle().Which.Should().Contain("nowhere.json");

        _line.Write("bad.json", "{ not json");
        _line.Bake("--settings", "bad.json").Should().Be(2);
        _line.ErrorLines.Should().ContainSingle().Which.Should().Contain("bad.json").And.NotContain("   at ");
    }
}
