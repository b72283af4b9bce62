using Amazon.SQS.Model;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Recipes;
using BakeWorker.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace BakeWorker.EndToEnd.Queues;

/// <summary>A worker with some recipes and its queues.</summary>
internal sealed class QueueWorld : IDisposable
{
    private readonly HashSet<string> _queues = [];

    public QueueWorld(RecipeShelf shelf, string requests = "bake-requests", string? nightly = null, int concurrency = 20)
    {
        (Shelf, Requests) = (shelf, requests);
        Bakery = Bakery.Open(
            register: services =>
                services
                    .AddSingleton(provider => new RecipeSource(shelf.Path, provider.GetRequiredService<TimeProvider>()))
                    .AddSingleton(new ConsumerOptions { Concurrency = concurrency }),
            aws: aws => (aws.Queue, aws.NightlyQueue) = (requests, nightly)
        );
        Bakery.Scenario.Command("*/updates").ForRole("probe").Prints("updates: 0\n");
        foreach (var queue in new[] { requests, nightly, "bake-results" }.OfType<string>())
        {
            Open(queue);
        }
    }

    public Bakery Bakery { get; }
    public RecipeShelf Shelf { get; }
    public string Requests { get; }

    public void Send(string queue, string body, string? group = null) =>
        Bakery.Time.Run(async () =>
            await Bakery.Clients.Sqs.SendMessageAsync(
                new SendMessageRequest(await UrlAsync(queue), body)
                {
                    MessageGroupId = group,
                    MessageDeduplicationId = group is null ? null : body.GetHashCode(StringComparison.Ordinal).ToString("x8"),
                    MessageAttributes = new()
                    {
                        ["traceparent"] = new()
                        {
                            DataType = "String",
                            StringValue = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                        },
                    },
                }
            )
        );

    /// <summary>Lets the worker run until no request waits or is in work.</summary>
    public void Work() =>
        Bakery.Time.Run(async () =>
        {
            using var stop = new CancellationTokenSource(TimeSpan.FromHours(12), Bakery.Time);
            var worker = Bakery.Get<BakeConsumer>().RunAsync(stop.Token);
            await Task.WhenAny(worker, SettledAsync());
            await stop.CancelAsync();
            await worker;
        });

    /// <summary>Takes everything out of a queue, delayed messages included.</summary>
    public List<Message> Drain(string queue) =>
        Bakery.Time.Run(async () =>
        {
            await Task.Delay(TimeSpan.FromMinutes(16), Bakery.Time);
            var (url, messages) = (await UrlAsync(queue), new List<Message>());
            while (true)
            {
                var request = new ReceiveMessageRequest(url)
                {
                    MaxNumberOfMessages = 10,
                    MessageSystemAttributeNames = ["All"],
                    MessageAttributeNames = ["All"],
                };
                var some = (await Bakery.Clients.Sqs.ReceiveMessageAsync(request)).Messages ?? [];
                if (some.Count == 0)
                {
                    return messages;
                }

                foreach (var message in some)
                {
                    messages.Add(message);
                    await Bakery.Clients.Sqs.DeleteMessageAsync(url, message.ReceiptHandle);
                }
            }
        });

    public List<BakeResult> Results() => Drain("bake-results").ConvertAll(message => BakeResultReader.Read(message.Body)!);

    public void Dispose()
    {
        Bakery.Dispose();
        Shelf.Dispose();
    }

    private void Open(string queue)
    {
        _queues.Add(queue);
        var attributes = queue.EndsWith(".fifo", StringComparison.Ordinal)
            ? new Dictionary<string, string> { ["FifoQueue"] = "true" }
            : null;
        Bakery.Time.Run(() => Bakery.Clients.Sqs.CreateQueueAsync(new CreateQueueRequest { QueueName = queue, Attributes = attributes }));
    }

    private async Task SettledAsync()
    {
        while (true)
        {
            var open = 0;
            foreach (var queue in _queues.Where(queue => queue != "bake-results"))
            {
                var seen = await Bakery.Clients.Sqs.GetQueueAttributesAsync(await UrlAsync(queue), ["All"]);
                open +=
                    seen.ApproximateNumberOfMessages + seen.ApproximateNumberOfMessagesNotVisible + seen.ApproximateNumberOfMessagesDelayed;
            }

            if (open == 0)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromSeconds(10), Bakery.Time);
        }
    }

    private async Task<string> UrlAsync(string queue) => (await Bakery.Clients.Sqs.GetQueueUrlAsync(queue)).QueueUrl;
}
