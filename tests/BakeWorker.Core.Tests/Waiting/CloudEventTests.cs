using BakeWorker.Core.Waiting;

namespace BakeWorker.Core.Tests.Waiting;

public sealed class CloudEventTests
{
    [Theory]
    [InlineData(
        "aws.ec2",
        "EC2 Instance State-change Notification",
        """{"instance-id":"i-0123456789abcdef0","state":"stopped"}""",
        EventSubject.Instance,
        "i-0123456789abcdef0"
    )]
    [InlineData(
        "aws.ec2",
        "EC2 AMI State Change",
        """{"ImageId":"ami-0123456789abcdef0","State":"available"}""",
        EventSubject.Image,
        "ami-0123456789abcdef0"
    )]
    [InlineData(
        "aws.ssm",
        "EC2 Command Status-change Notification",
        """{"command-id":"e8d3c0e4-71f7-4491-898f-c9b35bee5f3b","status":"Success"}""",
        EventSubject.Command,
        "e8d3c0e4-71f7-4491-898f-c9b35bee5f3b"
    )]
    [InlineData(
        "aws.ssm",
        "EC2 Command Invocation Status-change Notification",
        """{"command-id":"e8d3c0e4-71f7-4491-898f-c9b35bee5f3b","instance-id":"i-0123456789abcdef0"}""",
        EventSubject.Command,
        "e8d3c0e4-71f7-4491-898f-c9b35bee5f3b"
    )]
    [InlineData(
        "aws.inspector2",
        "Inspector2 Scan",
        """{"scan-status":"INITIAL_SCAN_COMPLETE"}""",
        EventSubject.Scan,
        "i-0fedcba9876543210"
    )]
    public void Parse_KnownEvent_SaysWhatIsWorthALook(string source, string type, string detail, EventSubject subject, string id) =>
        CloudEvent.Parse(Body(source, type, detail)).Should().Be(new CloudEvent("123456789012", "eu-west-1", subject, id));

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{ not json")]
    [InlineData("\"text\"")]
    [InlineData("""{"source":1,"detail-type":{},"detail":"x"}""")]
    [InlineData("""{"account":"\ud800"}""")]
    [InlineData("""{"\ud800":1,"account":"1"}""")]
    [InlineData("""{"account":"1","region":"r","source":"aws.ec2","detail-type":"EC2 AMI State Change","detail":{"ImageId":"\udc00"}}""")]
    public void Parse_NoEvent_IsIgnored(string body) => CloudEvent.Parse(body).Should().BeNull();

    [Theory]
    [InlineData("aws.s3", "EC2 Instance State-change Notification", """{"instance-id":"i-0123456789abcdef0"}""")]
    [InlineData("aws.ec2", "Object Created", """{"instance-id":"i-0123456789abcdef0"}""")]
    [InlineData("aws.ec2", "EC2 Instance State-change Notification", """{"instance-id":"$(reboot)"}""")]
    [InlineData("aws.ec2", "EC2 Instance State-change Notification", """{"instance-id":["i-0123456789abcdef0"]}""")]
    [InlineData("aws.ec2", "EC2 Instance State-change Notification", "[]")]
    [InlineData("aws.ec2", "EC2 Instance State-change Notification", "{}")]
    public void Parse_UnknownOrMisshapen_IsIgnored(string source, string type, string detail) =>
        CloudEvent.Parse(Body(source, type, detail)).Should().BeNull();

    [Fact]
    public void Parse_DeepOrHuge_IsIgnored()
    {
        CloudEvent.Parse(new string('[', 10_000)).Should().BeNull();
        CloudEvent.Parse($"\"{new string('x', 300_000)}\"").Should().BeNull();
    }

    private static string Body(string source, string type, string detail) =>
        $$"""
            {"version":"0","id":"6a7e8feb-b491-4cf7-a9f1-bf3703467718","account":"123456789012","region":"eu-west-1","source":"{{source}}",
             "detail-type":"{{type}}","resources":["arn:aws:ec2:eu-west-1:123456789012:instance/i-0fedcba9876543210"],"detail":{{detail}}}
            """;
}
