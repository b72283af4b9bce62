using System.Xml.Linq;
using BakeWorker.LocalCloud.Tests.Protocols;

namespace BakeWorker.LocalCloud.Tests.Sqs;

/// <summary>What clients from before SQS's JSON protocol send and expect.</summary>
public sealed class QueryProtocolTests : IAsyncLifetime
{
    private const string QueueUrl = "http://localhost:4566/123456789012/bakes";
    private static readonly XNamespace Ns = "http://queue.amazonaws.com/doc/2012-11-05/";
    private readonly WireClient _wire = new();

    public async ValueTask InitializeAsync() =>
        await CallAsync(
            "CreateQueue",
            "QueueName=bakes&Attribute.1.Name=VisibilityTimeout&Attribute.1.Value=60&Tag.1.Key=team&Tag.1.Value=platform"
        );

    public ValueTask DisposeAsync() => _wire.DisposeAsync();

    [Fact]
    public async Task Queue_MadeByForm_IsDescribedInFlatLists()
    {
        var listed = await CallAsync("ListQueues", "");
        var attributes = await CallAsync(
            "GetQueueAttributes",
            $"QueueUrl={QueueUrl}&AttributeName.1=VisibilityTimeout&AttributeName.2=QueueArn"
        );
        var tags = await CallAsync("ListQueueTags", $"QueueUrl={QueueUrl}");

        Values(listed, "QueueUrl").Should().Equal(QueueUrl);
        attributes.Descendants(Ns + "Attribute").Should().HaveCount(2);
        Values(attributes, "Value").Should().BeEquivalentTo("60", "arn:aws:sqs:eu-west-1:123456789012:bakes");
        tags.Descendants(Ns + "Tag").Single().Elements().Select(element => element.Value).Should().Equal("team", "platform");
    }

    [Fact]
    public async Task Message_SentByForm_ComesBackWithAttributesAndDigests()
    {
        var sent = await CallAsync(
            "SendMessage",
            $"QueueUrl={QueueUrl}&MessageBody=a%0D%0Ab%26%3C&MessageAttribute.1.Name=trace&MessageAttribute.1.Value.DataType=String&MessageAttribute.1.Value.StringValue=x"
        );
        var received = await CallAsync(
            "ReceiveMessage",
            $"QueueUrl={QueueUrl}&AttributeName.1=All&MessageAttributeName.1=All&WaitTimeSeconds=1"
        );

        var message = received.Descendants(Ns + "Message").Single();
        message.Element(Ns + "Body")!.Value.Should().Be("a\r\nb&<");
        message.Element(Ns + "MD5OfBody")!.Value.Should().Be(Values(sent, "MD5OfMessageBody").Single());
        message.Element(Ns + "MD5OfMessageAttributes")!.Value.Should().Be(Values(sent, "MD5OfMessageAttributes").Single());
        message.Elements(Ns + "Attribute").Select(pair => pair.Element(Ns + "Name")!.Value).Should().Contain("SentTimestamp");
        var attribute = message.Element(Ns + "MessageAttribute")!;
        attribute.Element(Ns + "Name")!.Value.Should().Be("trace");
        attribute.Element(Ns + "Value")!.Element(Ns + "StringValue")!.Value.Should().Be("x");
    }

    [Fact]
    public async Task Receive_OfNothing_StillHasItsResultElement()
    {
        var received = await CallAsync("ReceiveMessage", $"QueueUrl={QueueUrl}");

        received.Element(Ns + "ReceiveMessageResult")!.Elements().Should().BeEmpty();
        received.Element(Ns + "ResponseMetadata")!.Element(Ns + "RequestId")!.Value.Should().NotBeEmpty();
    }

    [Fact]
    public async Task Batch_ByForm_NamesItsEntriesAsTheOldModelDoes()
    {
        var sent = await CallAsync(
            "SendMessageBatch",
            $"QueueUrl={QueueUrl}&SendMessageBatchRequestEntry.1.Id=a&SendMessageBatchRequestEntry.1.MessageBody=one"
                + "&SendMessageBatchRequestEntry.2.Id=b&SendMessageBatchRequestEntry.2.MessageBody=two&SendMessageBatchRequestEntry.2.DelaySeconds=901"
        );

        sent.Descendants(Ns + "SendMessageBatchResultEntry").Single().Element(Ns + "Id")!.Value.Should().Be("a");
        var failed = sent.Descendants(Ns + "BatchResultErrorEntry").Single();
        failed.Element(Ns + "Id")!.Value.Should().Be("b");
        failed.Element(Ns + "SenderFault")!.Value.Should().Be("true");
    }

    [Fact]
    public async Task Queue_NamedByThePathOnly_IsFound()
    {
        var answer = await _wire.FormAsync("sqs", "Action=SendMessage&MessageBody=body", path: "/123456789012/bakes");

        answer.Status.Should().Be(200);
    }

    [Fact]
    public async Task Errors_HaveTheOldCodesAndStatuses()
    {
        var missing = await _wire.FormAsync("sqs", "Action=GetQueueUrl&QueueName=none");
        var handle = await _wire.FormAsync("sqs", $"Action=DeleteMessage&QueueUrl={QueueUrl}&ReceiptHandle=nonsense");
        var number = await _wire.FormAsync("sqs", $"Action=ReceiveMessage&QueueUrl={QueueUrl}&WaitTimeSeconds=soon");

        missing.Body.Should().Contain("<Code>AWS.SimpleQueueService.NonExistentQueue</Code>");
        handle.Body.Should().Contain("<Code>ReceiptHandleIsInvalid</Code>");
        number.Body.Should().Contain("<Code>InvalidParameterValue</Code>");
        (missing.Status, handle.Status, number.Status).Should().Be((400, 404, 400));
    }

    private async Task<XElement> CallAsync(string action, string form)
    {
        var answer = await _wire.FormAsync("sqs", $"Action={action}&Version=2012-11-05&{form}");
        answer.Status.Should().Be(200, answer.Body);
        var root = XElement.Parse(answer.Body, LoadOptions.PreserveWhitespace);
        root.Name.Should().Be(Ns + (action + "Response"));
        return root;
    }

    private static IEnumerable<string> Values(XElement root, string name) => root.Descendants(Ns + name).Select(element => element.Value);
}
