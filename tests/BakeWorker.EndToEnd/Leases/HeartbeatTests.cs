using BakeWorker.Core.Bakes;
using BakeWorker.Core.Recipes;
using BakeWorker.EndToEnd.Scripted;
using BakeWorker.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace BakeWorker.EndToEnd.Leases;

/// <summary>How a worker keeps what it has, and lets go of what it cannot keep before anybody else may have it.</summary>
public sealed class HeartbeatTests
{
    private const string Request = """{ "recipe": "debian-12-base", "requestId": "ci-1" }""";
    private static readonly TimeSpan Visibility = new ConsumerOptions().Visibility;

    [Fact]
    public void Heartbeat_OfManyBakes_IsOneCallForTenAtAThirdOfTheVisibility()
    {
        using var office = new Office();
        office.Bakery.Scenario.Command("*/step/patch/*").Takes(TimeSpan.FromMinutes(20));
        using var worker = office.Bakery.Hire("worker-1", services => services.AddSingleton(new ConsumerOptions { Concurrency = 25 }));
        office.Run(async () =>
        {
            for (var i = 0; i < 25; i++)
            {
                await office.SendAsync($$"""{ "recipe": "debian-12-base", "requestId": "many-{{i}}" }""");
            }

            _ = worker.RunAsync();
            await office.PassAsync(TimeSpan.FromMinutes(10));

            var beats = worker.Line.Calls.Where(call => call.Action == "ChangeMessageVisibilityBatch").GroupBy(call => call.At).ToList();
            beats.Should().HaveCountGreaterThan(10).And.OnlyContain(beat => beat.Count() <= 3);
            beats.Last().Should().HaveCount(3);
            beats.Zip(beats.Skip(1), (one, next) => next.Key - one.Key).Should().OnlyContain(gap => gap == Visibility / 3);
            (await office.VisibleAsync()).Should().Be(0);
            worker.Stop();
        });
    }

    [Theory]
    [InlineData("hangs")]
    [InlineData("breaks")]
    public void Heartbeat_ThatCannotBeSent_EndsTheBakeBeforeAnotherWorkerHasIt(string how)
    {
        using var office = new Office();
        office.Bakery.Scenario.Command("*/step/patch/*").Takes(TimeSpan.FromMinutes(20));
        using var first = office.Bakery.Hire("worker-1");
        using var second = office.Bakery.Hire("worker-2");
        office.Run(async () =>
        {
            await office.SendAsync(Request);
            _ = first.RunAsync();
            await office.PassAsync(TimeSpan.FromMinutes(4));
            first.Line.Hangs = (service, _) => how == "hangs" && service == "sqs";
            first.Line.Breaks = (service, _) => how == "breaks" && service == "sqs";
            var cut = office.Bakery.Time.GetUtcNow();
            _ = second.RunAsync();
            await office.SettledAsync();
            second.Stop();
            first.Stop();

            var last = first.Work.Last().At;
            last.Should().BeAfter(cut, "a heartbeat may fail without harm");
            (second.Work.First().At - last)
                .Should()
                .BeGreaterThan(Visibility / 4, "the first worker was quiet long before the second could begin");
        });

        office.Bakery.Log.Lines.Should().Contain(line => line.Text.Contains("is lost: its bake stopped here"));
        office
            .Results()
            .Should()
            .ContainSingle()
            .Which.Should()
            .Match<BakeResult>(result => result.Outcome == Outcome.Published && result.Worker == "worker-2");
        office.Bakery.Guests.Guests.Should().HaveCount(2, "the second worker went on with the first one's builder");
    }

    [Fact]
    public void Heartbeat_AfterTheMachineSlept_GivesUpWhatSomebodyElseMayHave()
    {
        using var office = new Office();
        using var worker = office.Bakery.Hire("worker-1");
        office.Run(async () =>
        {
            await office.SendAsync(Request);
            var message = (await worker.Queue.ReceiveAsync(1, Visibility, CancellationToken.None)).Single();
            var clock = new SleepyClock(office.Bakery.Time);
            var leases = new Core.Bakes.Leases(worker.Queue, new ConsumerOptions(), clock, NullLogger<Core.Bakes.Leases>.Instance);
            using var lease = leases.Hold(message, CancellationToken.None)!;

            clock.Slept = Visibility;
            await leases.BeatAsync(CancellationToken.None);

            lease.IsLost.Should().BeTrue();
            lease.Token.IsCancellationRequested.Should().BeTrue();
            worker
                .Line.Calls.Should()
                .NotContain(call => call.Action == "ChangeMessageVisibilityBatch", "SQS would extend what another worker has");
        });
    }

    [Fact]
    public void Heartbeat_OfAMessageThatIsGone_EndsItsBakeAndNoOther()
    {
        using var office = new Office();
        office.Bakery.Scenario.Command("*/step/patch/*").Takes(TimeSpan.FromMinutes(5));
        using var worker = office.Bakery.Hire("worker-1");
        office.Run(async () =>
        {
            await office.SendAsync(Request);
            await office.SendAsync(Request.Replace("ci-1", "ci-2"));
            var messages = await worker.Queue.ReceiveAsync(10, Visibility, CancellationToken.None);
            var leases = worker.Get<Core.Bakes.Leases>();
            using var gone = leases.Hold(messages[0], CancellationToken.None)!;
            using var kept = leases.Hold(messages[1], CancellationToken.None)!;
            await worker.Queue.RemoveAsync(messages[0], CancellationToken.None);

            (await leases.BeatAsync(CancellationToken.None)).Should().BeTrue();

            gone.IsLost.Should().BeTrue();
            kept.IsLost.Should().BeFalse();
        });
    }

    [Fact]
    public void Message_AlmostTwelveHoursInFlight_IsHandedOverAndBakedToItsEnd()
    {
        using var office = new Office();
        using var recipes = new RecipeFolder(recipe =>
            recipe.Replace("timeout: 30m", "timeout: 8h").Replace("uses: linux/harden,", "uses: linux/harden, timeout: 8h,")
        );
        office.Bakery.Scenario.Command("*/step/patch/*").Takes(TimeSpan.FromHours(7));
        office.Bakery.Scenario.Command("*/step/harden/*").Takes(TimeSpan.FromHours(7));
        using var worker = office.Bakery.Hire(
            "worker-1",
            services => services.AddSingleton(_ => new RecipeSource(recipes.Path, office.Bakery.Time)),
            options => options.Deadline = TimeSpan.FromDays(1)
        );
        office.Run(async () =>
        {
            await office.SendAsync(Request);
            _ = worker.RunAsync();
            await office.SettledAsync();
            worker.Stop();
        });

        office.Bakery.Log.Lines.Should().Contain(line => line.Text.Contains("almost 12 hours"));
        var result = office.Results().Should().ContainSingle().Subject;
        result.Outcome.Should().Be(Outcome.Published, result.Failure?.Message);
        result.Attempts.Should().Be(2);
        office.Bakery.Guests.Guests.Should().HaveCount(2);
    }

    /// <summary>A clock that goes on while timers stand still.</summary>
    private sealed class SleepyClock(TimeProvider time) : TimeProvider
    {
        public TimeSpan Slept { get; set; }

        public override DateTimeOffset GetUtcNow() => time.GetUtcNow() + Slept;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            time.CreateTimer(callback, state, dueTime, period);
    }
}
