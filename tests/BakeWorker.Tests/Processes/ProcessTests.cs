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

        await using var bad = Start("submit", "debian-12-base", "--param", "appVersion=$(reboot)", "--wait");
        (await bad.ExitAsync()).Should().Be(2);
        bad.Output.Should().Contain("parameter-invalid");

        worker.Signal("TERM");
        (await worker.ExitAsync()).Should().Be(0, "{0}", worker.Output);
        local.Signal("TERM");
        (await local.ExitAsync()).Should().Be(0, "{0}", local.Error);
    }

    [Fact]
    public async Task Bake_ThatIsInterrupted_ExitsWith4_EvenWhenTheSignalComesTwiceAtOnce()
    {
        await using var bake = Start("bake", "debian-12-base", "--guest", "scripted", "--speed", "1");
        await bake.UntilAsync("launch-builder");

        bake.Signal("TERM");
        bake.Signal("TERM");

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
