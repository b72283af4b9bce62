using Amazon.SQS.Model;
using BakeWorker.Core.Bakes;
using BakeWorker.Testing;

namespace BakeWorker.EndToEnd.Scripted;

/// <summary>Queues and one worker.</summary>
internal sealed class Office : IDisposable
{
    public const string ProducerTrace = "0af7651916cd43dd8448eb211c80319c";

    public Office()
    {
        var dead = Create("bake-requests-dead");
        Bakery.Time.Run(async () =>
        {
            var arn = (await Bakery.Clients.Sqs.GetQueueAttributesAsync(dead, ["QueueArn"])).QueueARN;
            var redrive = $$"""{"deadLetterTargetArn":"{{arn}}","maxReceiveCount":"100"}""";
            await Bakery.Clients.Sqs.CreateQueueAsync(
                new CreateQueueRequest
                {
                    QueueName = "bake-requests",
                    Attributes = new() { ["RedrivePolicy"] = redrive },
                }
            );
        });
        Create("bake-results");
    }

    public Bakery Bakery { get; } = Bakery.Open();

    public string Create(string name) => Bakery.Time.Run(async () => (await Bakery.Clients.Sqs.CreateQueueAsync(name)).QueueUrl);

    public void Work(params string[] bodies) => Work(TimeSpan.FromHours(12), bodies);

    /// <summary>Sends the requests and lets a worker run until all are settled or the time is over.</summary>
    public void Work(TimeSpan atMost, params string[] bodies) =>
        Bakery.Time.Run(async () =>
        {
            foreach (var body in bodies)
            {
                await SendAsync(body);
            }

            using var stop = new CancellationTokenSource(atMost, Bakery.Time);
            var worker = Bakery.Get<BakeConsumer>().RunAsync(stop.Token);
            await Task.WhenAny(worker, SettledAsync());
            stop.Cancel();
            await worker;
        });

    public async Task SendAsync(string body) =>
        await Bakery.Clients.Sqs.SendMessageAsync(
            new SendMessageRequest(await UrlAsync("bake-requests"), body)
            {
                MessageAttributes = new()
                {
                    ["traceparent"] = new() { DataType = "String", StringValue = $"00-{ProducerTrace}-b7ad6b7169203331-00" },
                },
            }
        );

    /// <summary>Ends when no request waits or is in work.</summary>
    public async Task SettledAsync()
    {
        while (await OpenAsync(await UrlAsync("bake-requests")) > 0)
        {
            await PassAsync(TimeSpan.FromSeconds(30));
        }
    }

    /// <summary>Requests that a worker could have at once.</summary>
    public async Task<int> VisibleAsync() =>
        (
            await Bakery.Clients.Sqs.GetQueueAttributesAsync(await UrlAsync("bake-requests"), ["ApproximateNumberOfMessages"])
        ).ApproximateNumberOfMessages;

    public Task PassAsync(TimeSpan time) => Task.Delay(time, Bakery.Time, CancellationToken.None);

    public void Run(Func<Task> work) => Bakery.Time.Run(work);

    public int Waiting(string queue) => Bakery.Time.Run(async () => await OpenAsync(await UrlAsync(queue)));

    public List<BakeResult> Results(string queue = "bake-results") =>
        Bakery.Time.Run(async () =>
        {
            var request = new ReceiveMessageRequest(await UrlAsync(queue)) { MaxNumberOfMessages = 10 };
            var received = await Bakery.Clients.Sqs.ReceiveMessageAsync(request);
            return (received.Messages ?? []).Select(message => BakeResultReader.Read(message.Body)!).ToList();
        });

    public void Dispose() => Bakery.Dispose();

    private async Task<string> UrlAsync(string queue) => (await Bakery.Clients.Sqs.GetQueueUrlAsync(queue)).QueueUrl;

    private async Task<int> OpenAsync(string url)
    {
        var seen = await Bakery.Clients.Sqs.GetQueueAttributesAsync(
            url,
            ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed"]
        );
        return seen.ApproximateNumberOfMessages + seen.ApproximateNumberOfMessagesNotVisible;
    }
}
