using System.Text.Json;
using BakeWorker.Testing;

namespace BakeWorker.Tests.Processes;

/// <summary>What only real processes show: signals, two workers' worth of processes on one account, what is pasted from one shell to another.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bakeworker-processes-").FullName;
    private readonly Dictionary<string, string> _environment;

    public ProcessTests()
    {
        _environment = new() { ["HOME"] = _folder, ["BAKEWORKER__RECIPES"] = Checkout.File("recipes") };
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task LocalAndRun_AsTwoProcesses_BakeWhatAThirdSubmits()
    {
        await using var local = Start("local", "--no-worker", "--port", "0", "--guest", "scripted", "--speed", "100");
        foreach (var (name, value) in await local.ReadExportsAsync())
        {
            _environment[name] = value;
        }

        await using var worker = Start("run");
        await worker.UntilAsync("Takes requests");
        await using var submit = Start("submit", "debian-12-base", "--param", "appVersion=1.2.3", "--wait", "--timeout", "2m", "--json");

        (await submit.ExitAsync()).Should().Be(0, "{0}\n{1}", submit.Error, worker.Output);
        var result = JsonDocument.Parse(submit.Output).RootElement;
        result.GetProperty("outcome").GetString().Should().Be("published");
        worker.Output.Should().Contain(result.GetProperty("bakeId").GetString());
        worker.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().OnlyContain(line => line.StartsWith('{'));

        await using var status = Start("status", "--json");
        (await status.ExitAsync()).Should().Be(0);
        JsonDocument.Parse(status.Output).RootElement[0].GetProperty("state").GetString().Should().Be("published");

        await using var direct = Start("bake", "debian-12-base", "--cloud", "aws", "--json");
        (await direct.ExitAsync()).Should().Be(0, "{0}", direct.Error);
        JsonDocument.Parse(direct.Output).RootElement.TryGetProperty("guest", out _).Should().BeFalse();

        // Each wait has an answer queue of its own, so the same request can be sent again at once, even side by side.
        string[] again = ["submit", "debian-12-base", "--request-id", "again", "--wait", "--timeout", "2m", "--json"];
        await using var one = Start(again);
        await using var other = Start(again);
        (await one.ExitAsync()).Should().Be(0, "{0}\n{1}", one.Output, one.Error);
        (await other.ExitAsync()).Should().Be(0, "{0}\n{1}", other.Output, other.Error);
        await using var third = Start(again);
        (await third.ExitAsync()).Should().Be(0, "{0}\n{1}", third.Output, third.Error);

        await using var bad = Start("submit", "debian-12-base", "--param", "appVersion=$(reboot)", "--wait");
        (await bad.ExitAsync()).Should().Be(2);
        bad.Output.Should().Contain("parameter-invalid");

        worker.Signal("TERM");
        (await worker.ExitAsync()).Should().Be(0, "{0}", worker.Output);
        local.Signal("TERM");
        (await local.ExitAsync()).Should().Be(0, "{0}", local.Error);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1", "no AWS credentials")]
    [InlineData("nonsense", "AWS_ENDPOINT_URL")]
    public async Task Account_ThatCannotBeCalled_IsOneSentence(string endpoint, string said)
    {
        _environment["AWS_ENDPOINT_URL"] = endpoint;
        _environment["AWS_REGION"] = "eu-central-1";
        _environment["AWS_EC2_METADATA_DISABLED"] = "true";
        await using var status = Start("status");

        (await status.ExitAsync()).Should().Be(1);

        status.Error.Trim('\n').Should().Contain(said).And.NotContain("\n");
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("HUP")]
    public async Task Bake_ThatIsInterrupted_ExitsWith4_EvenWhenTheSignalComesTwiceAtOnce(string signal)
    {
        string[] args = ["bake", "debian-12-base", "--guest", "scripted", "--speed", "1"];
        await using var bake = BakeWorkerProcess.StartHearing(_folder, _environment, args);
        await bake.UntilAsync("launch-builder");

        bake.Signal(signal);
        bake.Signal(signal);

        (await bake.ExitAsync()).Should().Be(4, "{0}\n{1}", bake.Error, bake.Output);
        bake.Output.Should().Contain("cancelled");
    }

    [Fact]
    public async Task Local_OnAPortThatIsTaken_SaysSo()
    {
        await using var first = Start("local", "--port", "0", "--guest", "scripted");
        var port = new Uri((await first.ReadExportsAsync())["AWS_ENDPOINT_URL"]).Port;

        await using var second = Start("local", "--port", $"{port}", "--guest", "scripted");

        (await second.ExitAsync()).Should().Be(2);
        second.Error.Should().Contain($"port {port} is taken");
    }

    private BakeWorkerProcess Start(params string[] args) => BakeWorkerProcess.Start(_folder, _environment, args);
}
