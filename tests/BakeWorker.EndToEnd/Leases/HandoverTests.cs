using BakeWorker.Core.Bakes;
using BakeWorker.Core.Pipeline;
using BakeWorker.EndToEnd.Scripted;
using BakeWorker.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace BakeWorker.EndToEnd.Leases;

/// <summary>What SIGTERM means: no new request, the current call to its end, every message to the next worker at once.</summary>
public sealed class HandoverTests
{
    private const string Request = """{ "recipe": "debian-12-base", "requestId": "ci-1" }""";

    [Fact]
    public void Worker_ThatIsStopped_HandsItsBakeToAnotherWithinSeconds()
    {
        using var office = new Office();
        office.Bakery.Scenario.Command("*/step/patch/*").Takes(TimeSpan.FromMinutes(10));
        using var first = office.Bakery.Hire("worker-1");
        using var second = office.Bakery.Hire("worker-2");
        office.Run(async () =>
        {
            await office.SendAsync(Request);
            var stopped = first.RunAsync();
            await office.PassAsync(TimeSpan.FromMinutes(5));
            _ = second.RunAsync();
            await office.PassAsync(TimeSpan.FromSeconds(1));
            var stop = office.Bakery.Time.GetUtcNow();
            first.Stop();
            await stopped;
            await office.SettledAsync();
            second.Stop();

            first.Work.Last().At.Should().BeOnOrBefore(stop);
            (second.Work.First().At - stop).Should().BeLessThan(TimeSpan.FromSeconds(10));
        });

        var result = office.Results().Should().ContainSingle().Subject;
        result.Should().Match<BakeResult>(result => result.Outcome == Outcome.Published && result.Worker == "worker-2");
        office.Bakery.Guests.Commands.Count(command => command.Comment.Contains("/step/patch/")).Should().Be(1, "the step ran on");
    }

    [Fact]
    public void Worker_StoppedInACall_SeesItsAnswer_AndLaunchesNothingTwice()
    {
        using var office = new Office();
        office.Bakery.Cloud.Faults.Plan.Calls("ec2", "RunInstances").Lags(TimeSpan.FromSeconds(8));
        using var first = office.Bakery.Hire("worker-1");
        using var second = office.Bakery.Hire("worker-2");
        office.Run(async () =>
        {
            await office.SendAsync(Request);
            var stopped = first.RunAsync();
            while (office.Bakery.Cloud.Faults.Injected.Count == 0)
            {
                await office.PassAsync(TimeSpan.FromSeconds(1));
            }

            first.Stop();
            await stopped;

            first.Work.Last().Should().Match<RecordedCall>(call => call.Action == "RunInstances" && call.Status == 200);
            (await office.VisibleAsync()).Should().Be(1);
            _ = second.RunAsync();
            await office.SettledAsync();
            second.Stop();
        });

        office.Results().Should().ContainSingle().Which.Outcome.Should().Be(Outcome.Published);
        office.Bakery.Guests.Guests.Should().HaveCount(2);
    }

    [Fact]
    public void Worker_StoppedBeforeItKnowsWhatItTook_HandsThatOverToo()
    {
        using var office = new Office();
        using var worker = office.Bakery.Hire("worker-1");
        office.Run(async () =>
        {
            await office.SendAsync(Request);
            await office.SendAsync(Request);
            var taken = await worker.Queue.ReceiveAsync(10, TimeSpan.FromHours(1), CancellationToken.None);

            await worker.Consumer.HandleAsync(taken[0], new CancellationToken(canceled: true));
            // A later delivery looks for its trace first.
            await worker.Consumer.HandleAsync(taken[1] with { ReceiveCount = 2 }, new CancellationToken(canceled: true));

            (await office.VisibleAsync()).Should().Be(2);
        });
    }

    [Fact]
    public void Request_ThatWasHandedOverThirtyTimes_IsNoPoison()
    {
        using var office = new Office();
        office.Bakery.Scenario.Command("*/step/patch/*").Takes(TimeSpan.FromMinutes(25));
        office.Run(async () =>
        {
            await office.SendAsync(Request);
            for (var deploy = 1; deploy <= 30; deploy++)
            {
                using var worker = office.Bakery.Hire($"worker-{deploy}");
                var run = worker.RunAsync();
                await office.PassAsync(TimeSpan.FromSeconds(30));
                worker.Stop();
                await run;
            }
        });
        office.Work();

        var result = office.Results().Should().ContainSingle().Subject;
        result.Outcome.Should().Be(Outcome.Published, result.Failure?.Message);
        result.Attempts.Should().BeGreaterThan(30);
        office.Waiting("bake-requests-dead").Should().Be(0);
        office.Bakery.Guests.Guests.Should().HaveCount(2);
    }

    [Fact]
    public void Defect_ThatOneMessageHits_CostsTheWorkerNoPermit()
    {
        using var office = new Office();
        using var worker = office.Bakery.Hire(
            "worker-1",
            services => services.AddSingleton(new ConsumerOptions { Concurrency = 1 }).AddSingleton<IBakeObserver>(new Clumsy("cursed"))
        );
        office.Run(async () =>
        {
            await office.SendAsync(Request.Replace("ci-1", "cursed"));
            await office.SendAsync(Request);
            var run = worker.RunAsync();
            await office.PassAsync(TimeSpan.FromHours(1));
            worker.Stop();
            await run;
        });

        office.Results().Should().ContainSingle().Which.Outcome.Should().Be(Outcome.Published);
        office.Waiting("bake-requests").Should().Be(1);
        office.Bakery.Log.Lines.Should().Contain(line => line.Text.Contains("met a defect"));
    }

    private sealed class Clumsy(string requestId) : IBakeObserver
    {
        public void StageStarted(Bake bake, string stage)
        {
            if (bake.Request.RequestId == requestId)
            {
                throw new InvalidOperationException("I broke.");
            }
        }

        public void StageEnded(Bake bake, string stage, TimeSpan took, string? failure) { }

        public void Note(Bake bake, string stage, string text) { }
    }
}
