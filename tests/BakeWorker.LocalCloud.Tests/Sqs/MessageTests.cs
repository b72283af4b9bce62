using Amazon.SQS;
using Amazon.SQS.Model;

namespace BakeWorker.LocalCloud.Tests.Sqs;

public sealed class MessageTests : IAsyncLifetime
{
    private readonly SqsWorld _world = new();
    private string _url = "";

    public async ValueTask InitializeAsync() => _url = await _world.QueueAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData("plain")]
    [InlineData("line\r\nline\ttab <&> \"quotes\" 'x'")]
    [InlineData("ümläut 漢字 🍞")]
    public async Task Message_Sent_ArrivesAsItWas(string body)
    {
        var sent = await _world.SendAsync(_url, body);

        var message = await _world.ReceiveOneAsync(_url);

        message.Body.Should().Be(body);
        message.MessageId.Should().Be(sent.MessageId);
        message.MD5OfBody.Should().Be(sent.MD5OfMessageBody);
    }

    [Fact]
    public async Task Message_WithAttributes_CarriesThemWithTheDigestsThatTheSdkChecks()
    {
        var sent = await _world.Sqs.SendMessageAsync(
            new SendMessageRequest(_url, "body")
            {
                MessageAttributes = new()
                {
                    ["traceparent"] = new() { DataType = "String", StringValue = "00-ab-cd-01" },
                    ["attempt"] = new() { DataType = "Number.int", StringValue = "3" },
                    ["blob"] = new() { DataType = "Binary", BinaryValue = new([0, 255, 7]) },
                },
                MessageSystemAttributes = new()
                {
                    ["AWSTraceHeader"] = new() { DataType = "String", StringValue = "Root=1-5759e988" },
                },
            }
        );

        var message = await _world.ReceiveOneAsync(_url);

        // Computed apart from this code, by the algorithm that AWS documents.
        sent.MD5OfMessageAttributes.Should().Be(message.MD5OfMessageAttributes).And.Be("9bd3aa91da7fc83b9ef41dc90049d60b");
        sent.MD5OfMessageSystemAttributes.Should().Be("1093703a9379955b75098a87e549ba88");
        message.MessageAttributes["traceparent"].StringValue.Should().Be("00-ab-cd-01");
        message.MessageAttributes["attempt"].DataType.Should().Be("Number.int");
        message.MessageAttributes["blob"].BinaryValue.ToArray().Should().Equal(0, 255, 7);
        message.Attributes.Should().Contain("AWSTraceHeader", "Root=1-5759e988");
    }

    [Fact]
    public async Task Message_Received_TellsItsHistory()
    {
        await _world.SendAsync(_url, "body");
        _world.Time.Advance(TimeSpan.FromSeconds(2));
        await _world.ReceiveOneAsync(_url, visibility: 0);
        _world.Time.Advance(TimeSpan.FromSeconds(3));

        var message = await _world.ReceiveOneAsync(_url);

        message.Attributes.Should().Contain("SentTimestamp", "1795316400000");
        message.Attributes.Should().Contain("ApproximateFirstReceiveTimestamp", "1795316402000");
        message.Attributes.Should().Contain("ApproximateReceiveCount", "2").And.ContainKey("SenderId");
    }

    [Fact]
    public async Task Receiver_AskingForSomeAttributes_GetsOnlyThose()
    {
        await _world.Sqs.SendMessageAsync(
            new SendMessageRequest(_url, "body")
            {
                MessageAttributes = new()
                {
                    ["bake.id"] = new() { DataType = "String", StringValue = "1" },
                    ["other"] = new() { DataType = "String", StringValue = "2" },
                },
            }
        );

        var response = await _world.Sqs.ReceiveMessageAsync(
            new ReceiveMessageRequest(_url) { MessageAttributeNames = ["bake.*"], MessageSystemAttributeNames = ["SentTimestamp"] }
        );

        response.Messages[0].MessageAttributes.Keys.Should().Equal("bake.id");
        response.Messages[0].Attributes.Keys.Should().Equal("SentTimestamp");
    }

    [Fact]
    public async Task Message_OfAFairQueue_KeepsItsGroupAndBlocksNobody()
    {
        await _world.SendAsync(_url, "one", group: "tenant");
        await _world.SendAsync(_url, "two", group: "tenant");
        await _world.ReceiveOneAsync(_url);

        (await _world.ReceiveOneAsync(_url)).Attributes.Should().Contain("MessageGroupId", "tenant");
    }

    [Fact]
    public async Task Message_OlderThanTheRetention_IsGone()
    {
        await _world.SendAsync(_url, "old");
        _world.Time.Advance(TimeSpan.FromDays(4));

        (await _world.ReceiveAsync(_url)).Should().BeEmpty();
    }

    [Fact]
    public async Task Message_AtTheSizeLimit_IsTakenAndOneByteMoreIsNot()
    {
        var fits = new string('x', 1024 * 1024);

        await _world.SendAsync(_url, fits);
        var tooLong = () => _world.SendAsync(_url, fits + "x");

        (await tooLong.Should().ThrowAsync<AmazonSQSException>()).Which.ErrorCode.Should().Be("InvalidParameterValue");
    }

    [Fact]
    public async Task Message_WithBadContent_IsRefusedWithItsReason()
    {
        async Task<string> CodeOf(Action<SendMessageRequest> spoil)
        {
            var request = new SendMessageRequest(_url, "body");
            spoil(request);
            var act = () => _world.Sqs.SendMessageAsync(request);
            return (await act.Should().ThrowAsync<AmazonSQSException>()).Which.ErrorCode;
        }

        static Dictionary<string, MessageAttributeValue> One(string name, string type, string value) =>
            new()
            {
                [name] = new() { DataType = type, StringValue = value },
            };

        (await CodeOf(request => request.MessageBody = "bell \u0007")).Should().Be("InvalidMessageContents");
        (await CodeOf(request => request.MessageBody = "")).Should().Be("MissingParameter");
        (await CodeOf(request => request.DelaySeconds = 901)).Should().Be("InvalidParameterValue");
        (await CodeOf(request => request.MessageDeduplicationId = "x")).Should().Be("InvalidParameterValue");
        (await CodeOf(request => request.MessageAttributes = One("AWS.x", "String", "v"))).Should().Be("InvalidParameterValue");
        (await CodeOf(request => request.MessageAttributes = One("a..b", "String", "v"))).Should().Be("InvalidParameterValue");
        (await CodeOf(request => request.MessageAttributes = One("x", "Text", "v"))).Should().Be("InvalidParameterValue");
        (await CodeOf(request => request.MessageAttributes = One("x", "Number", "many"))).Should().Be("InvalidParameterValue");
        (await _world.ReceiveAsync(_url)).Should().BeEmpty();
    }

    [Fact]
    public async Task Batch_WithOneBadEntry_SendsTheOthersAndSaysWhich()
    {
        var answer = await _world.Sqs.SendMessageBatchAsync(
            _url,
            [new("a", "one"), new("b", "bell \u0007"), new("c", "three") { DelaySeconds = 901 }, new("d", "four")]
        );

        answer.Successful.Select(entry => entry.Id).Should().Equal("a", "d");
        answer
            .Failed.Select(entry => (entry.Id, entry.Code, entry.SenderFault))
            .Should()
            .Equal(("b", "InvalidMessageContents", true), ("c", "InvalidParameterValue", true));
        (await _world.ReceiveAsync(_url)).Select(message => message.Body).Should().Equal("one", "four");
    }

    [Fact]
    public async Task Batch_ThatIsNoBatch_IsRefusedAsAWhole()
    {
        SendMessageBatchRequestEntry[] Many(int count) =>
            [.. Enumerable.Range(0, count).Select(i => new SendMessageBatchRequestEntry($"e{i}", "x"))];

        var empty = () => _world.Sqs.SendMessageBatchAsync(_url, []);
        var eleven = () => _world.Sqs.SendMessageBatchAsync(_url, [.. Many(11)]);
        var twins = () => _world.Sqs.SendMessageBatchAsync(_url, [new("a", "1"), new("a", "2")]);
        var badId = () => _world.Sqs.SendMessageBatchAsync(_url, [new("a b", "1")]);
        var heavy = () => _world.Sqs.SendMessageBatchAsync(_url, [new("a", new string('x', 600_000)), new("b", new string('x', 600_000))]);

        await empty.Should().ThrowAsync<EmptyBatchRequestException>();
        await eleven.Should().ThrowAsync<TooManyEntriesInBatchRequestException>();
        await twins.Should().ThrowAsync<BatchEntryIdsNotDistinctException>();
        await badId.Should().ThrowAsync<InvalidBatchEntryIdException>();
        await heavy.Should().ThrowAsync<BatchRequestTooLongException>();
    }
}
