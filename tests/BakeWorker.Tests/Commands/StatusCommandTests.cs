namespace BakeWorker.Tests.Commands;

public sealed class StatusCommandTests : IDisposable
{
    private readonly CommandLine _line = new();

    public void Dispose() => _line.Dispose();

    [Fact]
    public void Status_AfterABake_ShowsItWithItsImage()
    {
        _line.Bake("--json");
        var (bake, image) = (
            _line.Json.GetProperty("bakeId").GetString()!,
            _line.Json.GetProperty("images").GetProperty("eu-central-1").GetString()!
        );

        _line.Run("status", "--cloud", "local", "--guest", "scripted").Should().Be(0);

        _line
            .Output.ToString()
            .Split('\n')
            .Should()
            .Contain(line => line.Contains(bake) && line.Contains("published") && line.Contains(image));
    }

    [Fact]
    public void Status_OfOneBakeAsJson_IsOneDocument()
    {
        _line.Bake("--json", "--request-id", "a");
        var bake = _line.Json.GetProperty("bakeId").GetString()!;
        _line.Bake("--json", "--request-id", "b");

        _line.Run("status", bake, "--cloud", "local", "--guest", "scripted", "--json").Should().Be(0);

        _line.Json.EnumerateArray().Should().ContainSingle().Which.GetProperty("bakeId").GetString().Should().Be(bake);
    }

    [Fact]
    public void Status_OfABakeThatIsNotKnown_NamesIt()
    {
        _line.Run("status", "bake-0123456789abcdef", "--cloud", "local", "--guest", "scripted").Should().Be(0);

        _line.ErrorLines.Should().ContainSingle().Which.Should().Contain("bake-0123456789abcdef");
    }

    [Fact]
    public void Status_OfNothing_SaysSo()
    {
        _line.Run("status", "--cloud", "local", "--guest", "scripted").Should().Be(0);

        _line.Output.ToString().Should().BeEmpty();
        _line.Error.ToString().Should().Contain("no bake is known");
    }
}
