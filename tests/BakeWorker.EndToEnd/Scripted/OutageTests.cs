using BakeWorker.Core.Bakes;
using BakeWorker.LocalCloud.Faults;
using BakeWorker.Testing;

namespace BakeWorker.EndToEnd.Scripted;

/// <summary>A service that is away holds nobody up for long, and nothing else.</summary>
public sealed class OutageTests
{
    [Fact]
    public void Inspector_Dead_ReleasesTheBakeForLater_AndLosesNothing()
    {
        using var bakery = Bakery.Open();
        bakery.Cloud.Faults.Plan.Calls("inspector2").Times(30).Unavailable();
        var bake = () => bakery.Time.Run(() => bakery.BakeAsync(retry: true));
        var start = bakery.Time.GetUtcNow();

        var failure = bake.Should().Throw<BakeFailedException>().Which;

        failure.Kind.Should().Be(FailureKind.Transient);
        failure.Code.Should().Be(FailureCodes.AwsUnavailable);
        (bakery.Time.GetUtcNow() - start).Should().BeLessThan(TimeSpan.FromMinutes(15));
        Calls("CreateImage").Should().Be(1, "EC2 works all the while");

        var again = bakery.Time.GetUtcNow();
        bake.Should().Throw<BakeFailedException>();
        (bakery.Time.GetUtcNow() - again).Should().BeLessThan(TimeSpan.FromMinutes(2), "it is known to be dead by now");

        BakeResult? result = null;
        for (var attempt = 0; result is null && attempt < 60; attempt++)
        {
            bakery.Time.Run(() => Task.Delay(TimeSpan.FromMinutes(5), bakery.Time));
            try
            {
                result = bakery.Time.Run(() => bakery.BakeAsync(retry: true));
            }
            catch (BakeFailedException later)
            {
                later.Code.Should().Be(FailureCodes.AwsUnavailable);
            }
        }

        result!.Outcome.Should().Be(Outcome.Published);
        Calls("CreateImage").Should().Be(1);

        int Calls(string action) => bakery.Calls.All.Count(call => call.Action == action);
    }

    [Fact]
    public void Pointer_OfFortyBakesOfOneRecipe_TakesOneChangeAtATime()
    {
        using var bakery = Bakery.Open();

        var results = bakery.Time.Run(() => Task.WhenAll(Enumerable.Range(0, 40).Select(i => bakery.BakeAsync(requestId: $"same-{i}"))));

        results.Should().OnlyContain(result => result.Outcome == Outcome.Published);
        bakery.Calls.All.Should().NotContain(call => call.Action == "PutParameter" && call.Status != 200);
    }
}
