using System.Globalization;
using System.Text.Json;
using BakeWorker.Core.Bakes;
using BakeWorker.EndToEnd.Sandbox;
using BakeWorker.Testing;

namespace BakeWorker.EndToEnd.Processes;

/// <summary>Workers that are asked to go, and workers that are killed, while they bake for real.</summary>
[Collection(SandboxTests.Name)]
public sealed class WorkerProcessTests(SandboxMachine machine)
{
    private const int Seed = 20261123;

    [Fact(Timeout = 300_000)]
    public async Task Worker_ThatGetsSigterm_HandsItsBakeOverAtOnce()
    {
        machine.Require();
        var ct = TestContext.Current.CancellationToken;
        await using var shop = await Shop.OpenAsync(machine);
        var first = await shop.HireAsync();
        await shop.SendAsync("handed-over");
        await first.UntilAsync("apply-steps");
        var second = await shop.HireAsync();

        first.Signal("TERM");

        (await first.ExitAsync()).Should().Be(0, first.Output);
        await second.UntilAsync(" accepted: ");
        (Said(second, " accepted: ") - Said(first, "Stopping"))
            .Should()
            .BeLessThan(TimeSpan.FromSeconds(10), "nobody waited for the visibility to end\n{0}", shop.Logs());
        var results = await ResultsAsync(shop, 1, ct);
        results.Should().ContainSingle().Which.Outcome.Should().Be(Outcome.Published, shop.Logs());
        (await shop.LookAsync()).Should().BeEquivalentTo(["released image", "snapshot"]);
    }

    [Fact(Timeout = 300_000)]
    public Task Workers_KilledAtRandom_PublishEveryBakeOnce() => KillAsync(bakes: 3, TestContext.Current.CancellationToken);

    /// <summary>Run it with <c>-explicit only</c>.</summary>
    [Fact(Explicit = true, Timeout = 3_600_000)]
    public Task Workers_KilledAtRandomForLong_PublishEveryBakeOnce() => KillAsync(bakes: 20, TestContext.Current.CancellationToken);

    private async Task KillAsync(int bakes, CancellationToken ct)
    {
        machine.Require();
        await using var shop = await Shop.OpenAsync(machine);
        var workers = new List<BakeWorkerProcess> { await shop.HireAsync(), await shop.HireAsync() };
        for (var i = 0; i < bakes; i++)
        {
            await shop.SendAsync($"killed-{i}");
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var killing = KillAsync(shop, workers, kills: bakes, stop.Token);
        var results = await ResultsAsync(shop, bakes, ct);
        await stop.CancelAsync();
        var kills = await killing;

        results.Should().OnlyContain(result => result.Outcome == Outcome.Published, shop.Logs());
        // An answer may come twice, an image may not.
        results.GroupBy(result => result.BakeId).Should().HaveCount(bakes);
        results.SelectMany(result => result.Images.Values).Distinct().Should().HaveCount(bakes);
        (await shop.LookAsync())
            .Should()
            .BeEquivalentTo(Enumerable.Repeat("released image", bakes).Concat(Enumerable.Repeat("snapshot", bakes)), shop.Logs());
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{bakes} bakes, {kills} workers killed, attempts {string.Join(' ', results.Select(result => result.Attempts))}"
        );
    }

    private static async Task<int> KillAsync(Shop shop, List<BakeWorkerProcess> workers, int kills, CancellationToken ct)
    {
        var random = new Random(Seed);
        for (var kill = 0; kill < kills; kill++)
        {
            try
            {
                await Task.Delay(TimeSpan.FromSeconds(1 + (random.NextDouble() * 7)), TimeProvider.System, ct);
            }
            catch (OperationCanceledException)
            {
                return kill;
            }

            var victim = random.Next(workers.Count);
            workers[victim].Signal("KILL");
            workers[victim] = await shop.HireAsync();
        }

        return kills;
    }

    private static async Task<IReadOnlyList<BakeResult>> ResultsAsync(Shop shop, int bakes, CancellationToken ct)
    {
        var results = new List<BakeResult>();
        while (results.Select(result => result.BakeId).Distinct().Count() < bakes)
        {
            ct.ThrowIfCancellationRequested();
            results.AddRange(await shop.ReceiveAsync());
        }

        return results;
    }

    private static DateTimeOffset Said(BakeWorkerProcess worker, string text)
    {
        var line = worker.Output.Split('\n').First(line => line.Contains(text));
        var stamp = JsonDocument.Parse(line).RootElement.GetProperty("Timestamp").GetString()!;
        return DateTimeOffset.Parse(stamp, CultureInfo.InvariantCulture);
    }
}
