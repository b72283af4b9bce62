using Amazon.SQS.Model;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Recipes;
using BakeWorker.EndToEnd.Scripted;
using BakeWorker.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace BakeWorker.EndToEnd.Leases;

/// <summary>A queue delivers at least once: the same message again, the same request in two messages, to one worker or to two.</summary>
public sealed class DeliveryTests
{
    private const string Request = """{ "recipe": "debian-12-base", "requestId": "ci-1" }""";
    private static readonly TimeSpan Visibility = new ConsumerOptions().Visibility;

    [Fact]
    public void Message_DeliveredAgainWhileInWorkHere_GoesOnUnderItsNewReceipt()
    {
        using var office = new Office();
        office.Bakery.Scenario.Command("*/step/patch/*").Takes(TimeSpan.FromMinutes(10));
        using var worker = office.Bakery.Hire("worker-1");
        office.Run(async () =>
        {
            await office.SendAsync(Request);
            _ = worker.Get<Core.Bakes.Leases>().KeepAsync(CancellationToken.None);
            var first = (await worker.Queue.ReceiveAsync(1, Visibility, CancellationToken.None)).Single();
            var work = worker.Consumer.HandleAsync(first, CancellationToken.None);
            await office.PassAsync(TimeSpan.FromMinutes(5));
            await worker.Queue.ReleaseAsync(first, TimeSpan.Zero, CancellationToken.None);
            var second = (await worker.Queue.ReceiveAsync(1, Visibility, CancellationToken.None)).Single();

            await worker.Consumer.HandleAsync(second, CancellationToken.None);
            work.IsCompleted.Should().BeFalse("the second delivery is no second attempt");
            await work;

            (await office.VisibleAsync()).Should().Be(0);
        });

        office.Waiting("bake-requests").Should().Be(0, "the message ended with its latest receipt");
        office.Results().Should().ContainSingle().Which.Attempts.Should().Be(1);
        office.Bakery.Guests.Guests.Should().HaveCount(2);
    }

    [Fact]
    public void Message_DeliveredAgainAfterItsLeaseWasLost_WaitsUntilTheOldAttemptHasEnded()
    {
        using var office = new Office();
        office.Bakery.Scenario.Command("*/step/patch/*").Takes(TimeSpan.FromMinutes(10));
        using var worker = office.Bakery.Hire("worker-1");
        office.Run(async () =>
        {
            await office.SendAsync(Request);
            var first = (await worker.Queue.ReceiveAsync(1, Visibility, CancellationToken.None)).Single();
            await office.PassAsync(TimeSpan.FromSeconds(50));
            // Nobody beats for it, and a call that hangs keeps the attempt from ending.
            worker.Line.Hangs = (_, action) => action == "RunInstances";
            var old = worker.Consumer.HandleAsync(first, CancellationToken.None);
            await office.PassAsync(TimeSpan.FromSeconds(20));
            await worker.Queue.ReleaseAsync(first, TimeSpan.Zero, CancellationToken.None);
            var second = (await worker.Queue.ReceiveAsync(1, Visibility, CancellationToken.None)).Single();
            worker.Line.Hangs = (_, _) => false;
            _ = worker.Get<Core.Bakes.Leases>().KeepAsync(CancellationToken.None);
            var work = worker.Consumer.HandleAsync(second, CancellationToken.None);
            await office.PassAsync(TimeSpan.FromSeconds(1));

            old.IsCompleted.Should().BeFalse();
            office.Bakery.Log.Lines.Should().Contain(line => line.Text.Contains("waits for its end"));
            await old;
            await work;
        });

        var result = office.Results().Should().ContainSingle().Subject;
        result.Outcome.Should().Be(Outcome.Published, result.Failure?.Message);
        result.Attempts.Should().Be(2);
    }

    [Fact]
    public void Request_InTwoMessagesToOneWorker_IsBakedOnceAndAnsweredTwice()
    {
        using var office = new Office();

        office.Work(Request, Request);

        var results = office.Results();
        results.Should().HaveCount(2).And.OnlyContain(result => result.Outcome == Outcome.Published);
        results[0].Images.Should().Equal(results[1].Images);
        office.Bakery.Guests.Guests.Should().HaveCount(2, "one builder and one tester");
        office.Bakery.Log.Lines.Should().Contain(line => line.Text.Contains("waits for its end"));
        office.Bakery.Time.Run(office.Bakery.LeftoversAsync).Should().HaveCount(2, "the image and its snapshot");
    }

    [Fact]
    public void Request_InTwoMessagesToTwoWorkers_IsOneImage()
    {
        using var office = new Office();
        using var first = office.Bakery.Hire("worker-1", TakesOne);
        using var second = office.Bakery.Hire("worker-2", TakesOne);
        office.Run(async () =>
        {
            await office.SendAsync(Request);
            await office.SendAsync(Request);
            var working = Task.WhenAll(first.RunAsync(), second.RunAsync());
            await office.SettledAsync();
            first.Stop();
            second.Stop();
            await working;
        });

        var results = office.Results();
        results.Should().HaveCount(2).And.OnlyContain(result => result.Outcome == Outcome.Published);
        results[0].Images.Should().Equal(results[1].Images);
        office.Bakery.Time.Run(office.Bakery.LeftoversAsync).Should().HaveCount(2, "the image and its snapshot");
    }

    [Fact]
    public void Attempt_SlowerThanItsTwinAndANewerBake_LeavesThePointerWhereItIs()
    {
        using var office = new Office();
        using var slow = office.Bakery.Hire("slow");
        using var newer = office.Bakery.Hire("newer");
        slow.Line.Hangs = newer.Line.Hangs = (_, action) => action == "EnableImageDeprecation";
        office.Run(async () =>
        {
            var late = BakeAsync(slow, "ci-1");
            var next = BakeAsync(newer, "ci-2");
            var twin = await office.Bakery.BakeAsync(office.Bakery.Recipe(), "ci-1");
            newer.Line.Hangs = (_, _) => false;
            var last = await next;
            slow.Line.Hangs = (_, _) => false;

            (await late).Images.Should().Equal(twin.Images, "both attempts are one bake");
            var pointer = await office.Bakery.Clients.Ssm.GetParameterAsync(new() { Name = last.Pointer });
            pointer.Parameter.Value.Should().Be(last.Images.Values.Single());
            pointer.Parameter.Version.Should().Be(2);
        });

        static Task<BakeResult> BakeAsync(HiredWorker worker, string requestId)
        {
            var recipe = worker.Get<RecipeSource>().Require("debian-12-base");
            var bake = worker.Get<BakeIntake>().Create(new BakeRequest { Recipe = recipe.Name, RequestId = requestId }, recipe);
            return worker.Get<BakeRunner>().RunAsync(bake, NoObserver.Instance, false, CancellationToken.None);
        }
    }

    [Fact]
    public void Requester_WhoseQueueIsGone_DoesNotKeepHisRequestAlive()
    {
        using var office = new Office();
        var mine = office.Create("mine");
        office.Run(() => office.Bakery.Clients.Sqs.DeleteQueueAsync(new DeleteQueueRequest(mine)));

        office.Work($$"""{ "recipe": "debian-12-base", "replyTo": "{{mine}}", "dryRun": true }""");
        office.Work($$"""{ "recipe": "no-such-recipe", "replyTo": "{{mine}}" }""");

        office.Results().Select(result => result.Outcome).Should().BeEquivalentTo([Outcome.Skipped, Outcome.Invalid]);
        office.Waiting("bake-requests").Should().Be(0);
        office.Waiting("bake-requests-dead").Should().Be(1);
        office.Bakery.Log.Lines.Should().Contain(line => line.Text.Contains("could not be sent to"));
    }

    private static void TakesOne(IServiceCollection services) => services.AddSingleton(new ConsumerOptions { Concurrency = 1 });
}
