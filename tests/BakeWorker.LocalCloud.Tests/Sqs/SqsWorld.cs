using Amazon.SQS;
using Amazon.SQS.Model;
using BakeWorker.Testing;
using Microsoft.Extensions.Time.Testing;

namespace BakeWorker.LocalCloud.Tests.Sqs;

/// <summary>A LocalCloud on a fake clock, seen through the real SQS client.</summary>
internal sealed class SqsWorld : IAsyncDisposable
{
    private readonly LocalCloudClients _clients;

    public SqsWorld()
    {
        Cloud = new(new LocalCloudOptions(), Time, new NoGuests());
        _clients = new(Cloud);
    }

    public FakeTimeProvider Time { get; } = new(new(2026, 11, 22, 3, 0, 0, TimeSpan.Zero));
    public LocalCloud Cloud { get; }
    public IAmazonSQS Sqs => _clients.Sqs;
    public HttpClient Http => _clients.Http;

    public async Task<string> QueueAsync(string name = "bakes", params (string Name, string Value)[] attributes)
    {
        var request = new CreateQueueRequest
        {
            QueueName = name,
            Attributes = attributes.ToDictionary(pair => pair.Name, pair => pair.Value),
        };
        return (await Sqs.CreateQueueAsync(request)).QueueUrl;
    }

    public Task<string> FifoAsync(params (string Name, string Value)[] attributes) =>
        QueueAsync("bakes.fifo", [("FifoQueue", "true"), .. attributes]);

    /// <summary>A queue whose messages die after so many receives, and the queue they go to.</summary>
    public async Task<(string Source, string DeadLetters)> QueueWithDeadLettersAsync(int maxReceiveCount, string suffix = "")
    {
        (string, string)[] fifo = suffix == ".fifo" ? [("FifoQueue", "true"), ("ContentBasedDeduplication", "true")] : [];
        var deadLetters = await QueueAsync("dead" + suffix, fifo);
        var policy =
            $$"""{"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:123456789012:dead{{suffix}}","maxReceiveCount":"{{maxReceiveCount}}"}""";
        return (await QueueAsync("bakes" + suffix, [.. fifo, ("RedrivePolicy", policy)]), deadLetters);
    }

    public Task<SendMessageResponse> SendAsync(string url, string body, string? group = null, string? dedup = null) =>
        Sqs.SendMessageAsync(
            new SendMessageRequest
            {
                QueueUrl = url,
                MessageBody = body,
                MessageGroupId = group,
                MessageDeduplicationId = dedup,
            }
        );

    public async Task<List<Message>> ReceiveAsync(string url, int max = 10, int wait = 0, int? visibility = null, string? attempt = null)
    {
        var response = await Sqs.ReceiveMessageAsync(
            new ReceiveMessageRequest
            {
                QueueUrl = url,
                MaxNumberOfMessages = max,
                WaitTimeSeconds = wait,
                VisibilityTimeout = visibility,
                ReceiveRequestAttemptId = attempt,
                MessageSystemAttributeNames = ["All"],
                MessageAttributeNames = ["All"],
            }
        );
        return response.Messages ?? [];
    }

    public async Task<Message> ReceiveOneAsync(string url, int? visibility = null) =>
        (await ReceiveAsync(url, 1, visibility: visibility)).Should().ContainSingle().Subject;

    public async Task<Dictionary<string, string>> AttributesAsync(string url, params string[] names) =>
        (await Sqs.GetQueueAttributesAsync(url, names.Length == 0 ? ["All"] : [.. names])).Attributes ?? [];

    public async ValueTask DisposeAsync()
    {
        _clients.Dispose();
        await Cloud.DisposeAsync();
    }
}
