using Amazon.SQS.Model;
using BakeWorker.Testing;

namespace BakeWorker.LocalCloud.Tests.Sqs;

/// <summary>Each receive here must have ended when the call that ends it returns: nothing is left to another thread.</summary>
public sealed class LongPollTests : IAsyncLifetime
{
    private readonly SqsWorld _world = new();
    private string _url = "";

    public async ValueTask InitializeAsync() => _url = await _world.QueueAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Poll_OfAnEmptyQueue_EndsWhenAMessageArrives()
    {
        var receive = Receive(20);
        receive.IsCompleted.Should().BeFalse();

        await _world.SendAsync(_url, "body");

        receive.IsCompleted.Should().BeTrue();
        (await receive).Messages.Should().ContainSingle().Which.Body.Should().Be("body");
    }

    [Fact]
    public async Task Poll_OfAnEmptyQueue_EndsEmptyAfterItsTime()
    {
        var receive = Receive(20);

        _world.Time.Advance(TimeSpan.FromSeconds(19.9));
        receive.IsCompleted.Should().BeFalse();
        _world.Time.Advance(TimeSpan.FromSeconds(0.1));

        receive.IsCompleted.Should().BeTrue();
        (await receive).Messages.Should().BeNullOrEmpty();
    }

    [Fact]
    public async Task Poll_WhileAMessageIsHidden_EndsWhenItShowsAgain()
    {
        await _world.SendAsync(_url, "body");
        await _world.ReceiveOneAsync(_url, visibility: 7);
        var receive = Receive(20);

        _world.Time.Advance(TimeSpan.FromSeconds(7));

        receive.IsCompleted.Should().BeTrue();
        (await receive).Messages.Should().ContainSingle();
    }

    [Fact]
    public async Task Poll_WhileAMessageIsDelayed_EndsWhenItIsDue()
    {
        await _world.Sqs.SendMessageAsync(new SendMessageRequest(_url, "later") { DelaySeconds = 7 });
        var receive = Receive(20);

        _world.Time.Advance(TimeSpan.FromSeconds(6));
        receive.IsCompleted.Should().BeFalse();
        _world.Time.Advance(TimeSpan.FromSeconds(1));

        receive.IsCompleted.Should().BeTrue();
    }

    [Fact]
    public async Task Poll_WhenAnotherGivesItsMessageBack_TakesIt()
    {
        await _world.SendAsync(_url, "body");
        var message = await _world.ReceiveOneAsync(_url);
        var receive = Receive(20);

        await _world.Sqs.ChangeMessageVisibilityAsync(_url, message.ReceiptHandle, 0);

        receive.IsCompleted.Should().BeTrue();
        (await receive).Messages.Should().ContainSingle();
    }

    [Fact]
    public async Task Polls_TwoForOneMessage_OnlyTheFirstGetsIt()
    {
        var first = Receive(20);
        var second = Receive(20);

        await _world.SendAsync(_url, "body");

        first.IsCompleted.Should().BeTrue();
        second.IsCompleted.Should().BeFalse();
        _world.Time.Advance(TimeSpan.FromSeconds(20));
        (await second).Messages.Should().BeNullOrEmpty();
    }

    [Fact]
    public async Task Poll_Cancelled_TakesNoMessageAway()
    {
        using var cancel = new CancellationTokenSource();
        var receive = _world.Sqs.ReceiveMessageAsync(new ReceiveMessageRequest(_url) { WaitTimeSeconds = 20 }, cancel.Token);

        await cancel.CancelAsync();
        await _world.SendAsync(_url, "body");

        await receive.Invoking(task => task).Should().ThrowAsync<OperationCanceledException>();
        (await _world.ReceiveAsync(_url)).Should().ContainSingle();
    }

    [Fact]
    public async Task Poll_OfAQueueThatIsDeleted_Fails()
    {
        var receive = Receive(20);

        await _world.Sqs.DeleteQueueAsync(_url);

        await receive.Invoking(task => task).Should().ThrowAsync<QueueDoesNotExistException>();
    }

    [Fact]
    public async Task Poll_ByTheQueuesOwnWaitTime_NeedsNoParameter()
    {
        await _world.Sqs.SetQueueAttributesAsync(_url, new() { ["ReceiveMessageWaitTimeSeconds"] = "5" });
        var receive = _world.Sqs.ReceiveMessageAsync(new ReceiveMessageRequest(_url));

        receive.IsCompleted.Should().BeFalse();
        _world.Time.Advance(TimeSpan.FromSeconds(5));

        receive.IsCompleted.Should().BeTrue();
        (await receive).Messages.Should().BeNullOrEmpty();
    }

    [Fact]
    public void Poll_OnVirtualTime_EndsInTheMomentOfItsMessage()
    {
        var time = new VirtualTime();
        var start = time.GetUtcNow();
        var cloud = new LocalCloud(new LocalCloudOptions(), time, new NoGuests());
        using var clients = new LocalCloudClients(cloud);

        var received = time.Run(async () =>
        {
            var url = (await clients.Sqs.CreateQueueAsync("bakes")).QueueUrl;
            var receive = clients.Sqs.ReceiveMessageAsync(new ReceiveMessageRequest(url) { WaitTimeSeconds = 20 });
            await Task.Delay(TimeSpan.FromSeconds(5), time);
            await clients.Sqs.SendMessageAsync(url, "body");
            return (await receive, At: time.GetUtcNow());
        });

        received.Item1.Messages.Should().ContainSingle();
        received.At.Should().Be(start + TimeSpan.FromSeconds(5));
    }

    private Task<ReceiveMessageResponse> Receive(int wait) =>
        _world.Sqs.ReceiveMessageAsync(new ReceiveMessageRequest(_url) { WaitTimeSeconds = wait });
}
