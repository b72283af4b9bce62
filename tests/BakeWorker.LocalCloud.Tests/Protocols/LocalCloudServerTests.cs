using System.Net;
using Amazon.Runtime;
using Amazon.SQS;
using Amazon.SQS.Model;
using BakeWorker.Testing;

namespace BakeWorker.LocalCloud.Tests.Protocols;

public sealed class LocalCloudServerTests : IAsyncLifetime
{
    private readonly LocalCloud _cloud = new(new LocalCloudOptions(), TimeProvider.System, new NoGuests());
    private LocalCloudServer _server = null!;
    private AmazonSQSClient _sqs = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await LocalCloudServer.StartAsync(_cloud, 0, TestContext.Current.CancellationToken);
        var config = new AmazonSQSConfig
        {
            ServiceURL = _server.Url.ToString(),
            AuthenticationRegion = "eu-west-1",
            MaxErrorRetry = 0,
        };
        _sqs = new(new BasicAWSCredentials("local", "local"), config);
    }

    public async ValueTask DisposeAsync()
    {
        _sqs.Dispose();
        await _server.DisposeAsync();
        await _cloud.DisposeAsync();
    }

    [Fact]
    public async Task Server_OnLoopback_CarriesAMessageFromSendToDelete()
    {
        var queue = (await _sqs.CreateQueueAsync("bakes")).QueueUrl;
        await _sqs.SendMessageAsync(queue, "ümläut\r\n");
        var message = (await _sqs.ReceiveMessageAsync(queue)).Messages.Should().ContainSingle().Subject;
        await _sqs.DeleteMessageAsync(queue, message.ReceiptHandle);

        message.Body.Should().Be("ümläut\r\n");
        queue.Should().Be($"{_server.Url}123456789012/bakes");
        _server.Url.Host.Should().Be("127.0.0.1");
    }

    [Fact]
    public async Task Server_WithALongPollOpen_EndsItWhenTheMessageComes()
    {
        var queue = (await _sqs.CreateQueueAsync("bakes")).QueueUrl;
        var receive = _sqs.ReceiveMessageAsync(new ReceiveMessageRequest(queue) { WaitTimeSeconds = 20 });

        await _sqs.SendMessageAsync(queue, "body");

        (await receive).Messages.Should().ContainSingle();
    }

    [Fact]
    public async Task Server_WithADropPlanned_BreaksTheConnection()
    {
        _cloud.Faults.Plan.Calls("sqs", "CreateQueue").Always().Drops();

        var create = () => _sqs.CreateQueueAsync("bakes");

        await create.Should().ThrowAsync<Exception>();
    }

    [Fact]
    public async Task Server_Stopped_EndsLongPollsInsteadOfWaitingForThem()
    {
        var queue = (await _sqs.CreateQueueAsync("bakes")).QueueUrl;
        var receive = _sqs.ReceiveMessageAsync(new ReceiveMessageRequest(queue) { WaitTimeSeconds = 20 });

        await _server.StopAsync(TestContext.Current.CancellationToken);

        var error = (await receive.Invoking(task => task).Should().ThrowAsync<AmazonSQSException>()).Which;
        error.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task Server_VisitedByAHuman_SaysWhatItIs()
    {
        using var http = new HttpClient();

        (await http.GetStringAsync(_server.Url)).Should().Contain("AWS_ENDPOINT_URL").And.EndWith("\n");
    }

    [Fact]
    public async Task Server_SentMoreThanAnyCallNeeds_RefusesTheBody()
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, _server.Url);
        request.Content = new ByteArrayContent(new byte[(8 * 1024 * 1024) + 1]);
        request.Headers.ExpectContinue = true;

        (await http.SendAsync(request)).StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
    }
}
