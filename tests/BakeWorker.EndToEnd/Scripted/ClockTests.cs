using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;
using BakeWorker.Testing;

namespace BakeWorker.EndToEnd.Scripted;

/// <summary>AWS's clock and ours differ: no time of the one is compared with a time of the other.</summary>
public sealed class ClockTests
{
    [Theory]
    [InlineData(-10)]
    [InlineData(10)]
    public void Bake_WhereAwsHasAnotherTime_TakesAsLongAsEver(int minutes)
    {
        var usual = Bake(TimeSpan.Zero);

        var here = Bake(TimeSpan.FromMinutes(minutes));

        here.Outcome.Should().Be(Outcome.Published, here.Failure?.Message);
        Took(here).Should().BeCloseTo(Took(usual), TimeSpan.FromMinutes(3));
    }

    private static BakeResult Bake(TimeSpan skew)
    {
        using var bakery = Bakery.Open();
        bakery.Cloud.Faults.Plan.ClockSkew = skew;
        var recipe = bakery.Recipe();
        return bakery.Bake(recipe with { Scan = recipe.Scan with { Source = ScanSource.Both } });
    }

    private static TimeSpan Took(BakeResult result) => result.FinishedAt - result.StartedAt;
}
