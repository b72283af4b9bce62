using BakeWorker.Core.Bakes;
using BakeWorker.Core.Recipes;
using BakeWorker.Testing;

namespace BakeWorker.EndToEnd.Scripted;

/// <summary>What bakes cost AWS: the figures of docs/performance.md, so that they cannot rot.</summary>
public sealed class CallCountTests
{
    private static readonly string[] Polled =
    [
        "ListCommandInvocations",
        "DescribeInstanceInformation",
        "DescribeInstanceStatus",
        "/coverage/list",
    ];

    [Fact]
    public void Bakes_AHundredBesideEachOther_CostAtMostFortyCallsEach()
    {
        using var bakery = Bake(100);

        (Calls(bakery) / 100.0).Should().BeLessThanOrEqualTo(40);
    }

    [Fact]
    public void Bake_ByItself_CostsAtMostEightyTwoCalls()
    {
        using var bakery = Bake(1);

        Calls(bakery).Should().BeLessThanOrEqualTo(82);
    }

    [Fact]
    public void Bakes_AHundredTimesAsMany_ShareTheirPolling()
    {
        using var one = Bake(1);
        using var hundred = Bake(100);

        // With one command to wait for, its state and output are one call, which counts as polling then.
        var polls = Polls(one) + one.Calls.All.Count(call => call.Action == "GetCommandInvocation");
        Polls(hundred).Should().BeLessThanOrEqualTo(polls * 4, "SSM answers fifty a page");
    }

    [Fact]
    public void Bakes_AHundredInALongStep_PollAtMostHalfMoreThanOne()
    {
        using var one = Bake(1, TimeSpan.FromMinutes(90));
        using var hundred = Bake(100, TimeSpan.FromMinutes(90));

        // What each bake fetches once is no poll: the output of four commands.
        var alone = Waits(one) - 4;
        (Waits(hundred) - 400).Should().BeLessThanOrEqualTo(alone * 3 / 2);

        static int Waits(Bakery bakery) =>
            Polls(bakery) + bakery.Calls.All.Count(call => call.Action is "GetCommandInvocation" or "DescribeInstances");
    }

    private static Bakery Bake(int bakes, TimeSpan? longStep = null)
    {
        // While they wait it does not matter how fast they could be launched.
        var bakery = Bakery.Open(aws: options => options.BudgetShare = longStep is null ? options.BudgetShare : 1_000);
        var recipe = bakery.Recipe();
        if (longStep is { } takes)
        {
            bakery.Scenario.Command("*/step/patch/1").Takes(takes);
            recipe = recipe with { Steps = [.. recipe.Steps.Select(step => step with { Timeout = takes * 2 })] };
        }

        var results = bakery.Time.Run(() =>
            Task.WhenAll(Enumerable.Range(0, bakes).Select(i => bakery.BakeAsync(Pointing(recipe, i), $"many-{i}")))
        );
        results.Should().OnlyContain(result => result.Outcome == Outcome.Published);
        return bakery;
    }

    private static Recipe Pointing(Recipe recipe, int i) => recipe with { Publish = recipe.Publish with { Pointer = $"/images/many/{i}" } };

    private static int Calls(Bakery bakery) => bakery.Calls.All.Count(call => call.Service is "ec2" or "ssm");

    private static int Polls(Bakery bakery) => bakery.Calls.All.Count(call => Polled.Contains(call.Action));
}
