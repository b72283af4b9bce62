using Amazon.SQS;
using Amazon.SQS.Model;

namespace BakeWorker.LocalCloud.Tests.Sqs;

public sealed class QueueTests : IAsyncLifetime
{
    private readonly SqsWorld _world = new();

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Queue_CreatedTwiceAlike_IsOneQueue()
    {
        var first = await _world.QueueAsync("bakes", ("VisibilityTimeout", "60"));
        var second = await _world.QueueAsync("bakes", ("VisibilityTimeout", "60"));

        second.Should().Be(first).And.Be("https://sqs.eu-west-1.amazonaws.com/123456789012/bakes");
        (await _world.Sqs.ListQueuesAsync("ba")).QueueUrls.Should().Equal(first);
        (await _world.Sqs.GetQueueUrlAsync("bakes")).QueueUrl.Should().Be(first);
    }

    [Fact]
    public async Task Queue_CreatedAgainWithAnotherAttribute_IsRefused()
    {
        await _world.QueueAsync("bakes", ("VisibilityTimeout", "60"));

        var act = () => _world.QueueAsync("bakes", ("VisibilityTimeout", "61"));

        (await act.Should().ThrowAsync<QueueNameExistsException>()).Which.Message.Should().Contain("VisibilityTimeout");
    }

    [Theory]
    [InlineData("VisibilityTimeout", "43201", "InvalidAttributeValue")]
    [InlineData("DelaySeconds", "-1", "InvalidAttributeValue")]
    [InlineData("MaximumMessageSize", "1048577", "InvalidAttributeValue")]
    [InlineData("MessageRetentionPeriod", "59", "InvalidAttributeValue")]
    [InlineData("ReceiveMessageWaitTimeSeconds", "soon", "InvalidAttributeValue")]
    [InlineData("Policy", "{", "InvalidAttributeValue")]
    [InlineData("FifoQueue", "true", "InvalidParameterValue")]
    [InlineData("ContentBasedDeduplication", "true", "InvalidAttributeName")]
    [InlineData("Colour", "red", "InvalidAttributeName")]
    public async Task Queue_WithABadAttribute_IsNotMade(string name, string value, string code)
    {
        var act = () => _world.QueueAsync("bakes", (name, value));

        (await act.Should().ThrowAsync<AmazonSQSException>()).Which.ErrorCode.Should().Be(code);
        (await _world.Sqs.ListQueuesAsync("")).QueueUrls.Should().BeNullOrEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("orders.fifo")]
    public async Task Queue_WithABadName_IsNotMade(string name)
    {
        var act = () => _world.QueueAsync(name);

        (await act.Should().ThrowAsync<AmazonSQSException>()).Which.ErrorCode.Should().Be("InvalidParameterValue");
    }

    [Fact]
    public async Task Queue_AskedForAllAttributes_TellsSettingsAndCounts()
    {
        var url = await _world.QueueAsync("bakes", ("VisibilityTimeout", "60"));
        await _world.SendAsync(url, "one");
        await _world.SendAsync(url, "two");
        await _world.Sqs.SendMessageAsync(new SendMessageRequest(url, "later") { DelaySeconds = 30 });
        await _world.ReceiveOneAsync(url);

        var attributes = await _world.AttributesAsync(url);

        attributes.Should().Contain("QueueArn", "arn:aws:sqs:eu-west-1:123456789012:bakes");
        attributes.Should().Contain("VisibilityTimeout", "60").And.Contain("MaximumMessageSize", "1048576");
        attributes.Should().Contain("ApproximateNumberOfMessages", "1");
        attributes.Should().Contain("ApproximateNumberOfMessagesNotVisible", "1");
        attributes.Should().Contain("ApproximateNumberOfMessagesDelayed", "1");
        attributes.Should().Contain("CreatedTimestamp", "1795316400").And.NotContainKey("FifoQueue");
        (await _world.AttributesAsync(url, "DelaySeconds")).Should().Equal(new Dictionary<string, string> { ["DelaySeconds"] = "0" });
    }

    [Fact]
    public async Task Queue_GivenNewAttributes_UsesThem()
    {
        var url = await _world.QueueAsync();
        await _world.Sqs.SetQueueAttributesAsync(url, new() { ["DelaySeconds"] = "5" });

        await _world.SendAsync(url, "later");

        (await _world.ReceiveAsync(url)).Should().BeEmpty();
        _world.Time.Advance(TimeSpan.FromSeconds(5));
        (await _world.ReceiveAsync(url)).Should().ContainSingle();
    }

    [Fact]
    public async Task Queue_Deleted_IsGoneAndItsNameRestsAMinute()
    {
        var url = await _world.QueueAsync();
        await _world.Sqs.DeleteQueueAsync(url);

        var send = () => _world.SendAsync(url, "lost");
        var create = () => _world.QueueAsync();

        (await send.Should().ThrowAsync<QueueDoesNotExistException>())
            .Which.ErrorCode.Should()
            .Be("AWS.SimpleQueueService.NonExistentQueue");
        await create.Should().ThrowAsync<QueueDeletedRecentlyException>();
        _world.Time.Advance(TimeSpan.FromSeconds(60));
        (await _world.QueueAsync()).Should().Be(url);
    }

    [Fact]
    public async Task Queue_OfAnotherRegionOrAccount_DoesNotExist()
    {
        await _world.QueueAsync();
        using var elsewhere = new Testing.LocalCloudClients(_world.Cloud, "us-east-1");

        var otherRegion = () => elsewhere.Sqs.GetQueueUrlAsync("bakes");
        var otherAccount = () => _world.SendAsync("https://sqs.eu-west-1.amazonaws.com/999999999999/bakes", "x");

        await otherRegion.Should().ThrowAsync<QueueDoesNotExistException>();
        await otherAccount.Should().ThrowAsync<QueueDoesNotExistException>();
    }

    [Fact]
    public async Task Queues_Listed_ComeInPages()
    {
        foreach (var name in new[] { "c", "a", "b" })
        {
            await _world.QueueAsync(name);
        }

        var first = await _world.Sqs.ListQueuesAsync(new ListQueuesRequest { MaxResults = 2 });
        var second = await _world.Sqs.ListQueuesAsync(new ListQueuesRequest { MaxResults = 2, NextToken = first.NextToken });

        first.QueueUrls.Concat(second.QueueUrls).Select(url => url.Split('/')[^1]).Should().Equal("a", "b", "c");
        second.NextToken.Should().BeNull();
    }

    [Fact]
    public async Task Queue_Purged_IsEmptyAndCannotBePurgedAgainAtOnce()
    {
        var url = await _world.QueueAsync();
        await _world.SendAsync(url, "one");
        await _world.Sqs.PurgeQueueAsync(url);

        var again = () => _world.Sqs.PurgeQueueAsync(url);

        (await _world.ReceiveAsync(url)).Should().BeEmpty();
        await again.Should().ThrowAsync<PurgeQueueInProgressException>();
        _world.Time.Advance(TimeSpan.FromSeconds(60));
        await again.Should().NotThrowAsync();
    }

    [Fact]
    public async Task Queue_Tagged_KeepsWhatWasNotTakenAway()
    {
        var url = (
            await _world.Sqs.CreateQueueAsync(
                new CreateQueueRequest("bakes")
                {
                    Tags = new() { ["team"] = "platform", ["stage"] = "test" },
                }
            )
        ).QueueUrl;

        await _world.Sqs.TagQueueAsync(
            new TagQueueRequest
            {
                QueueUrl = url,
                Tags = new() { ["stage"] = "live", ["cost"] = "7" },
            }
        );
        await _world.Sqs.UntagQueueAsync(new UntagQueueRequest { QueueUrl = url, TagKeys = ["team"] });

        var tags = await _world.Sqs.ListQueueTagsAsync(new ListQueueTagsRequest { QueueUrl = url });
        tags.Tags.Should().Equal(new Dictionary<string, string> { ["cost"] = "7", ["stage"] = "live" });
    }
}
