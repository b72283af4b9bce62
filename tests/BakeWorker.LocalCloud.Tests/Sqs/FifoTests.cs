using Amazon.SQS;
using Amazon.SQS.Model;

namespace BakeWorker.LocalCloud.Tests.Sqs;

public sealed class FifoTests : IAsyncLifetime
{
    private readonly SqsWorld _world = new();
    private string _url = "";

    public async ValueTask InitializeAsync() => _url = await _world.FifoAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Group_WithAMessageInFlight_WaitsAsAWhole()
    {
        await Send("a1", "a");
        await Send("b1", "b");
        await Send("a2", "a");

        var a1 = await _world.ReceiveOneAsync(_url);
        var others = await _world.ReceiveAsync(_url);

        others.Select(message => message.Body).Should().Equal("b1");
        await _world.Sqs.DeleteMessageAsync(_url, a1.ReceiptHandle);
        (await _world.ReceiveOneAsync(_url)).Body.Should().Be("a2");
    }

    [Fact]
    public async Task Group_WhoseMessageComesBack_KeepsItsOrder()
    {
        await Send("a1", "a");
        await Send("a2", "a");
        await _world.ReceiveOneAsync(_url);
        _world.Time.Advance(TimeSpan.FromSeconds(30));

        var both = await _world.ReceiveAsync(_url);

        both.Select(message => message.Body).Should().Equal("a1", "a2");
        both.Select(message => message.Attributes["SequenceNumber"]).Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task Poll_ForABlockedGroup_EndsWhenTheFirstIsDeleted()
    {
        await Send("a1", "a");
        await Send("a2", "a");
        var a1 = await _world.ReceiveOneAsync(_url);
        var receive = _world.Sqs.ReceiveMessageAsync(new ReceiveMessageRequest(_url) { WaitTimeSeconds = 20 });

        await _world.Sqs.DeleteMessageAsync(_url, a1.ReceiptHandle);

        receive.IsCompleted.Should().BeTrue();
        (await receive).Messages.Should().ContainSingle().Which.Body.Should().Be("a2");
    }

    [Fact]
    public async Task Message_SentTwiceWithinFiveMinutes_IsOneMessage()
    {
        var first = await _world.SendAsync(_url, "body", "a", "same");
        _world.Time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        var second = await _world.SendAsync(_url, "other body", "b", "same");
        _world.Time.Advance(TimeSpan.FromSeconds(1));
        var third = await _world.SendAsync(_url, "body", "a", "same");

        second.MessageId.Should().Be(first.MessageId);
        second.SequenceNumber.Should().Be(first.SequenceNumber);
        third.MessageId.Should().NotBe(first.MessageId);
        (await _world.ReceiveAsync(_url)).Should().HaveCount(2);
    }

    [Fact]
    public async Task Deduplication_PerGroup_LeavesOtherGroupsAlone()
    {
        await _world.Sqs.SetQueueAttributesAsync(
            _url,
            new() { ["DeduplicationScope"] = "messageGroup", ["FifoThroughputLimit"] = "perMessageGroupId" }
        );
        await _world.SendAsync(_url, "body", "a", "same");
        await _world.SendAsync(_url, "body", "b", "same");
        await _world.SendAsync(_url, "body", "b", "same");

        (await _world.ReceiveAsync(_url)).Should().HaveCount(2);
    }

    [Fact]
    public async Task Deduplication_ByContent_ComparesBodies()
    {
        await _world.Sqs.SetQueueAttributesAsync(_url, new() { ["ContentBasedDeduplication"] = "true" });
        await _world.SendAsync(_url, "body", "a");
        await _world.SendAsync(_url, "body", "a");
        await _world.SendAsync(_url, "other", "a");

        (await _world.ReceiveAsync(_url)).Select(message => message.Body).Should().Equal("body", "other");
    }

    [Fact]
    public async Task Send_WithoutGroupOrDeduplication_IsRefused()
    {
        var noGroup = () => _world.SendAsync(_url, "body", null, "x");
        var noDeduplication = () => _world.SendAsync(_url, "body", "a");
        var delayed = () =>
            _world.Sqs.SendMessageAsync(
                new SendMessageRequest(_url, "body")
                {
                    MessageGroupId = "a",
                    MessageDeduplicationId = "x",
                    DelaySeconds = 5,
                }
            );

        (await noGroup.Should().ThrowAsync<AmazonSQSException>()).Which.ErrorCode.Should().Be("MissingParameter");
        (await noDeduplication.Should().ThrowAsync<AmazonSQSException>()).Which.ErrorCode.Should().Be("InvalidParameterValue");
        (await delayed.Should().ThrowAsync<AmazonSQSException>()).Which.ErrorCode.Should().Be("InvalidParameterValue");
    }

    [Fact]
    public async Task Message_DeletedAfterItsTimeout_IsRefused()
    {
        await Send("a1", "a");
        var message = await _world.ReceiveOneAsync(_url);
        _world.Time.Advance(TimeSpan.FromSeconds(30));

        var delete = () => _world.Sqs.DeleteMessageAsync(_url, message.ReceiptHandle);

        (await delete.Should().ThrowAsync<AmazonSQSException>()).Which.ErrorCode.Should().Be("InvalidParameterValue");
    }

    [Fact]
    public async Task Receive_RepeatedWithItsAttemptId_GivesTheSameMessages()
    {
        await Send("a1", "a");

        var first = await _world.ReceiveAsync(_url, attempt: "try-1");
        var again = await _world.ReceiveAsync(_url, attempt: "try-1");
        var other = await _world.ReceiveAsync(_url, attempt: "try-2");

        again.Should().ContainSingle().Which.ReceiptHandle.Should().Be(first[0].ReceiptHandle);
        other.Should().BeEmpty();
    }

    private Task<SendMessageResponse> Send(string body, string group) => _world.SendAsync(_url, body, group, body);
}
