using Amazon.SQS;
using Amazon.SQS.Model;

namespace BakeWorker.LocalCloud.Tests.Sqs;

public sealed class DeadLetterTests : IAsyncLifetime
{
    private const string DeadArn = "arn:aws:sqs:eu-west-1:123456789012:dead";
    private readonly SqsWorld _world = new();

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Message_ReceivedTooOften_GoesToTheDeadLetters()
    {
        var (source, dead) = await _world.QueueWithDeadLettersAsync(maxReceiveCount: 2);
        var sent = await _world.SendAsync(source, "poison");
        await _world.ReceiveOneAsync(source, visibility: 0);
        await _world.ReceiveOneAsync(source, visibility: 0);
        _world.Time.Advance(TimeSpan.FromSeconds(10));

        (await _world.ReceiveAsync(source)).Should().BeEmpty();
        var message = await _world.ReceiveOneAsync(dead);

        message.MessageId.Should().Be(sent.MessageId);
        message.Attributes.Should().Contain("DeadLetterQueueSourceArn", "arn:aws:sqs:eu-west-1:123456789012:bakes");
        message.Attributes.Should().Contain("ApproximateReceiveCount", "3").And.Contain("SentTimestamp", "1795316400000");
    }

    [Fact]
    public async Task Message_DyingUnderALongPoll_WakesThePollOfTheDeadLetters()
    {
        var (source, dead) = await _world.QueueWithDeadLettersAsync(maxReceiveCount: 1);
        await _world.SendAsync(source, "poison");
        await _world.ReceiveOneAsync(source, visibility: 5);
        var alive = _world.ReceiveAsync(source, wait: 20);
        var died = _world.Sqs.ReceiveMessageAsync(new ReceiveMessageRequest(dead) { WaitTimeSeconds = 20 });

        _world.Time.Advance(TimeSpan.FromSeconds(5));

        died.IsCompleted.Should().BeTrue();
        (await died).Messages.Should().ContainSingle();
        _world.Time.Advance(TimeSpan.FromSeconds(20));
        (await alive).Should().BeEmpty();
    }

    [Fact]
    public async Task Message_OfAGroup_DiesAndLetsTheGroupGoOn()
    {
        var (source, dead) = await _world.QueueWithDeadLettersAsync(maxReceiveCount: 1, ".fifo");
        await _world.SendAsync(source, "poison", "a");
        await _world.SendAsync(source, "healthy", "a");
        await _world.ReceiveOneAsync(source, visibility: 0);

        (await _world.ReceiveOneAsync(source)).Body.Should().Be("healthy");
        (await _world.ReceiveOneAsync(dead)).Attributes.Should().Contain("MessageGroupId", "a");
    }

    [Theory]
    [InlineData("""{"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:123456789012:nowhere","maxReceiveCount":2}""")]
    [InlineData("""{"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:123456789012:dead","maxReceiveCount":0}""")]
    [InlineData("""{"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:123456789012:dead","maxReceiveCount":1001}""")]
    [InlineData("""{"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:123456789012:dead"}""")]
    [InlineData("""{"maxReceiveCount":2}""")]
    [InlineData("""{"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:123456789012:dead.fifo","maxReceiveCount":2}""")]
    [InlineData("""{"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:123456789012:closed","maxReceiveCount":2}""")]
    public async Task RedrivePolicy_ThatCannotWork_IsRefused(string policy)
    {
        await _world.QueueAsync("dead");
        await _world.QueueAsync("dead.fifo", ("FifoQueue", "true"));
        await _world.QueueAsync("closed", ("RedriveAllowPolicy", """{"redrivePermission":"denyAll"}"""));
        var source = await _world.QueueAsync("bakes");

        var create = () => _world.QueueAsync("other", ("RedrivePolicy", policy));
        var set = () => _world.Sqs.SetQueueAttributesAsync(source, new() { ["RedrivePolicy"] = policy });

        (await create.Should().ThrowAsync<AmazonSQSException>()).Which.ErrorCode.Should().Be("InvalidParameterValue");
        (await set.Should().ThrowAsync<AmazonSQSException>()).Which.ErrorCode.Should().Be("InvalidParameterValue");
        (await _world.AttributesAsync(source)).Should().NotContainKey("RedrivePolicy");
    }

    [Fact]
    public async Task DeadLetters_AskedForTheirSources_NameThem()
    {
        var (source, dead) = await _world.QueueWithDeadLettersAsync(maxReceiveCount: 2);

        var sources = await _world.Sqs.ListDeadLetterSourceQueuesAsync(new ListDeadLetterSourceQueuesRequest { QueueUrl = dead });

        sources.QueueUrls.Should().Equal(source);
    }

    [Fact]
    public async Task MoveTask_BringsTheMessagesBack_AtItsPace()
    {
        var (source, dead) = await _world.QueueWithDeadLettersAsync(maxReceiveCount: 1);
        await Kill(source, "one", "two", "three");

        var started = await _world.Sqs.StartMessageMoveTaskAsync(
            new StartMessageMoveTaskRequest { SourceArn = DeadArn, MaxNumberOfMessagesPerSecond = 2 }
        );
        _world.Time.Advance(TimeSpan.FromSeconds(1));
        var running = await Latest();
        _world.Time.Advance(TimeSpan.FromSeconds(1));
        var done = await Latest();

        (running.Status, running.TaskHandle, running.ApproximateNumberOfMessagesMoved).Should().Be(("RUNNING", started.TaskHandle, 2));
        (done.Status, done.ApproximateNumberOfMessagesMoved).Should().Be(("COMPLETED", 3));
        done.TaskHandle.Should().BeNull();
        (await _world.ReceiveAsync(dead)).Should().BeEmpty();
        var back = await _world.ReceiveAsync(source);
        back.Select(message => message.Body).Should().Equal("one", "two", "three");
        back.Should().OnlyContain(message => message.Attributes["ApproximateReceiveCount"] == "1");
    }

    [Fact]
    public async Task MoveTask_Cancelled_MovesNoMore()
    {
        var (source, dead) = await _world.QueueWithDeadLettersAsync(maxReceiveCount: 1);
        await Kill(source, "one", "two");
        var start = new StartMessageMoveTaskRequest { SourceArn = DeadArn, MaxNumberOfMessagesPerSecond = 1 };
        var started = await _world.Sqs.StartMessageMoveTaskAsync(start);
        var second = () => _world.Sqs.StartMessageMoveTaskAsync(start);
        (await second.Should().ThrowAsync<AmazonSQSException>()).Which.ErrorCode.Should().Be("InvalidParameterValue");
        _world.Time.Advance(TimeSpan.FromSeconds(1));

        await _world.Sqs.CancelMessageMoveTaskAsync(new CancelMessageMoveTaskRequest { TaskHandle = started.TaskHandle });
        _world.Time.Advance(TimeSpan.FromSeconds(10));

        (await Latest()).Status.Should().Be("CANCELLED");
        (await _world.ReceiveAsync(dead)).Should().ContainSingle();
    }

    [Fact]
    public async Task MoveTask_OfAQueueThatTakesNoDeadLetters_IsRefused()
    {
        await _world.QueueAsync("dead");

        var ordinary = () => _world.Sqs.StartMessageMoveTaskAsync(new StartMessageMoveTaskRequest { SourceArn = DeadArn });
        var missing = () => _world.Sqs.StartMessageMoveTaskAsync(new StartMessageMoveTaskRequest { SourceArn = DeadArn + "x" });

        (await ordinary.Should().ThrowAsync<AmazonSQSException>()).Which.ErrorCode.Should().Be("InvalidParameterValue");
        await missing.Should().ThrowAsync<ResourceNotFoundException>();
    }

    private async Task Kill(string source, params string[] bodies)
    {
        foreach (var body in bodies)
        {
            await _world.SendAsync(source, body);
        }

        await _world.ReceiveAsync(source, visibility: 0);
        (await _world.ReceiveAsync(source)).Should().BeEmpty();
    }

    private async Task<ListMessageMoveTasksResultEntry> Latest() =>
        (await _world.Sqs.ListMessageMoveTasksAsync(new ListMessageMoveTasksRequest { SourceArn = DeadArn })).Results[0];
}
