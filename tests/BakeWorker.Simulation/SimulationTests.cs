using BakeWorker.Simulation.Runs;

namespace BakeWorker.Simulation;

/// <summary>Never twice, never lost, never left behind: whatever the seed.</summary>
public sealed class SimulationTests
{
    [Fact]
    public async Task Seeds_OneHundred_HoldEveryInvariant()
    {
        var summary = new Summary();

        await new Fleet(Environment.ProcessorCount).PlayAsync(1, 100, summary.Add);

        summary.Complaints().Should().BeEmpty();
        summary.Seeds.Should().Be(100);
    }

    [Fact]
    public async Task Seed_PlayedAgain_LeavesTheSameTrace()
    {
        var (first, second) = (new SortedDictionary<int, string>(), new SortedDictionary<int, string>());

        await new Fleet(1).PlayAsync(1, 25, report => first[report.Seed] = report.Digest);
        await new Fleet(Environment.ProcessorCount).PlayAsync(1, 25, report => second[report.Seed] = report.Digest);

        second.Should().Equal(first);
    }
}
