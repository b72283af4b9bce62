using Amazon.SQS.Model;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;
using BakeWorker.Core.Waiting;
using BakeWorker.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace BakeWorker.EndToEnd.Scripted;

/// <summary>Events that are delivered to a queue wake who waits, and can do nothing else.</summary>
public sealed class EventTests
{
    private const string Queue = "bake-events";

    [Fact]
    public void Event_OfWhatABakeWaitsFor_IsLookedAtAtOnce()
    {
        using var bakery = Open();
        bakery.Time.Run(async () =>
        {
            var instance = await LaunchAsync(bakery);
            var start = bakery.Time.GetUtcNow();
            using var stop = new CancellationTokenSource();
            var listening = bakery.Get<EventListener>().RunAsync(stop.Token);
            var gone = bakery
                .Get<Watchers>()
                .Home.Liveness.WaitAsync(instance, new Begun("life", start), seen => seen.IsGone, CancellationToken.None);
            await bakery.Get<ICloud>().Home.Instances.RemoveAsync(instance, CancellationToken.None);
            await SendAsync(bakery, Event("aws.ec2", instance.Value));

            await gone;

            (bakery.Time.GetUtcNow() - start).Should().BeLessThan(TimeSpan.FromSeconds(2), "without the event it is 15 s");
            await stop.CancelAsync();
            await listening.ContinueWith(_ => { }, TaskScheduler.Default);
            (await LeftAsync(bakery)).Should().Be(0);
        });
    }

    [Theory]
    [InlineData("aws.ec2", "999999999999", "i-0123456789abcdef0")]
    [InlineData("evil.ec2", "123456789012", "i-0123456789abcdef0")]
    [InlineData("aws.ec2", "123456789012", "not-an-id")]
    [InlineData("aws.ec2", "123456789012", "i-0123456789abcdef0")]
    public void Event_ForgedOrUnknown_ReadsNothingAndIsRemoved(string source, string account, string id)
    {
        using var bakery = Open();
        bakery.Time.Run(async () =>
        {
            await SendAsync(bakery, Event(source, id, account));
            await SendAsync(bakery, "{ nonsense");

            await bakery.Get<EventListener>().ListenAsync(Queue, CancellationToken.None);
            await bakery.Get<EventListener>().ListenAsync(Queue, CancellationToken.None);

            bakery.Calls.All.Should().NotContain(call => call.Service == "ec2");
            (await LeftAsync(bakery)).Should().Be(0);
        });
    }

    [Fact]
    public void Queue_ThatDoesNotExist_IsSaidAndEndsNothing()
    {
        using var bakery = Bakery.Open(register: services => services.AddSingleton(new EventsQueue("no-such-queue")));
        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(5), bakery.Time);

        var listen = () => bakery.Time.Run(() => bakery.Get<EventListener>().RunAsync(stop.Token));

        listen.Should().Throw<OperationCanceledException>();
        bakery.Log.Lines.Should().Contain(line => line.Text.Contains("Events of no-such-queue are not heard"));
    }

    private static Bakery Open()
    {
        var bakery = Bakery.Open(register: services => services.AddSingleton(new EventsQueue(Queue)));
        bakery.Time.Run(() => bakery.Clients.Sqs.CreateQueueAsync(Queue));
        return bakery;
    }

    private static async Task<InstanceId> LaunchAsync(Bakery bakery)
    {
        var recipe = bakery.Recipe();
        var bake = bakery.Get<Core.Bakes.BakeIntake>().Create(new() { Recipe = recipe.Name, RequestId = "events" }, recipe);
        var region = bakery.Get<ICloud>().Home;
        var image = (await region.Images.FindBaseAsync(recipe.Base, recipe.Architecture, CancellationToken.None))!;
        var rung = new Rung("t3.small", bakery.Get<Core.Pipeline.BakeryOptions>().BuilderSubnets[0], Market.OnDemand);
        var order = new LaunchOrder
        {
            Role = InstanceRole.Builder,
            Image = image,
            Rung = rung,
            InstanceProfile = bakery.Get<Core.Pipeline.BakeryOptions>().InstanceProfile,
        };
        return (await region.Instances.EnsureAsync(bake, order, CancellationToken.None)).Instance!.Id;
    }

    private static async Task SendAsync(Bakery bakery, string body) =>
        await bakery.Clients.Sqs.SendMessageAsync((await bakery.Clients.Sqs.GetQueueUrlAsync(Queue)).QueueUrl, body);

    private static async Task<int> LeftAsync(Bakery bakery)
    {
        var url = (await bakery.Clients.Sqs.GetQueueUrlAsync(Queue)).QueueUrl;
        var names = new List<string> { "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible" };
        var seen = await bakery.Clients.Sqs.GetQueueAttributesAsync(
            new GetQueueAttributesRequest { QueueUrl = url, AttributeNames = names }
        );
        return seen.ApproximateNumberOfMessages + seen.ApproximateNumberOfMessagesNotVisible;
    }

    private static string Event(string source, string id, string account = "123456789012") =>
        $$"""
            {"account":"{{account}}","region":"{{Bakery.Region}}","source":"{{source}}",
             "detail-type":"EC2 Instance State-change Notification","detail":{"instance-id":"{{id}}","state":"terminated"} }
            """;
}
