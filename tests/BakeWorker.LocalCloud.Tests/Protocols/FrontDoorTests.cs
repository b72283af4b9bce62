using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.SecurityToken.Model;
using BakeWorker.Testing;
using Microsoft.Extensions.Time.Testing;

namespace BakeWorker.LocalCloud.Tests.Protocols;

public sealed class FrontDoorTests : IAsyncLifetime
{
    private readonly WireClient _wire = new();

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => _wire.DisposeAsync();

    [Fact]
    public async Task Caller_AskingWhoItIs_IsToldTheAccount()
    {
        await using var cloud = new LocalCloud(
            new LocalCloudOptions { AccountId = "210987654321" },
            new FakeTimeProvider(),
            new NoGuests()
        );
        using var clients = new LocalCloudClients(cloud);

        var identity = await clients.Sts.GetCallerIdentityAsync(new GetCallerIdentityRequest());

        (identity.Account, identity.Arn).Should().Be(("210987654321", "arn:aws:iam::210987654321:user/localcloud"));
        identity.ResponseMetadata.RequestId.Should().NotBeNullOrEmpty();
    }

    [Theory]
    [InlineData("Action=DescribeRegions&Version=2016-11-15", "<Response><Errors><Error><Code>MissingAuthenticationToken</Code>")]
    [InlineData("Action=GetCallerIdentity&Version=2011-06-15", "<Code>MissingAuthenticationToken</Code>")]
    [InlineData("", "<Code>MissingAuthenticationToken</Code>")]
    public async Task Request_WithoutASignature_IsForbidden(string form, string expected)
    {
        var answer = await _wire.SendAsync(new(HttpMethod.Post, "/") { Content = new StringContent(form) }, authorization: null);

        answer.Status.Should().Be(403);
        answer.Body.Should().Contain(expected);
        answer.Headers.Should().ContainKey("x-amzn-requestid");
    }

    [Theory]
    [InlineData("Basic dXNlcjpwYXNz")]
    [InlineData("AWS4-HMAC-SHA256 SignedHeaders=host, Signature=00")]
    [InlineData("AWS4-HMAC-SHA256 Credential=AKID/20261122/ec2/aws4_request, Signature=00")]
    [InlineData("AWS4-HMAC-SHA256 Credential=AKID/20261122/eu-west-1/ec2/other, Signature=00")]
    public async Task Request_WithAHalfSignature_IsForbidden(string authorization)
    {
        var answer = await _wire.SendAsync(new(HttpMethod.Post, "/"), authorization);

        answer.Status.Should().Be(403);
        answer.Body.Should().Contain("<Code>IncompleteSignature</Code>");
    }

    [Fact]
    public async Task Request_ForARegionThatIsNot_IsRefusedInEachProtocolsWords()
    {
        var ec2 = await _wire.FormAsync("ec2", "Action=DescribeRegions", "mars-1");
        var sts = await _wire.FormAsync("sts", "Action=GetCallerIdentity", "mars-1");
        var sqs = await _wire.JsonAsync("sqs", "AmazonSQS.ListQueues", "{}", "mars-1");

        (ec2.Status, sts.Status, sqs.Status).Should().Be((401, 403, 400));
        ec2.Body.Should().Contain("<Code>AuthFailure</Code>").And.Contain("mars-1");
        sts.Body.Should().Contain("<Code>SignatureDoesNotMatch</Code>").And.Contain("mars-1");
        sqs.Body.Should().Contain("com.amazonaws.sqs#InvalidSignatureException").And.Contain("mars-1");
    }

    [Fact]
    public async Task Action_ThatIsNot_IsRefusedInEachProtocolsWords()
    {
        var ec2 = await _wire.FormAsync("ec2", "Action=MakeCoffee&Version=2016-11-15");
        var sts = await _wire.FormAsync("sts", "Action=MakeCoffee&Version=2011-06-15");
        var ssm = await _wire.JsonAsync("ssm", "AmazonSSM.MakeCoffee", "{}");
        var sqs = await _wire.JsonAsync("sqs", "AmazonSQS.MakeCoffee", "{}");
        var inspector = await _wire.SendAsync(new(HttpMethod.Post, "/coffee/make"), WireClient.Authorization("inspector2"));

        ec2.Body.Should()
            .StartWith("""<?xml version="1.0" encoding="utf-8"?><Response><Errors><Error><Code>InvalidAction</Code>""")
            .And.Contain("MakeCoffee");
        sts.Body.Should().Contain("<Type>Sender</Type><Code>InvalidAction</Code>");
        ssm.Body.Should().Contain("\"__type\":\"UnknownOperationException\"");
        sqs.Body.Should().Contain("\"__type\":\"com.amazonaws.sqs#UnknownOperationException\"");
        inspector.Headers.Should().Contain("x-amzn-errortype", "UnknownOperationException");
        (ec2.Status, sts.Status, ssm.Status, sqs.Status, inspector.Status).Should().Be((400, 400, 400, 400, 404));
    }

    [Fact]
    public async Task Sdk_AskingForAnActionThatIsNot_ReadsTheRefusal()
    {
        await using var cloud = new LocalCloud(new LocalCloudOptions(), new FakeTimeProvider(), new NoGuests());
        using var clients = new LocalCloudClients(cloud);

        var act = () => clients.Ec2.DescribeCarrierGatewaysAsync(new DescribeCarrierGatewaysRequest());

        var error = (await act.Should().ThrowAsync<AmazonEC2Exception>()).Which;
        (error.ErrorCode, (int)error.StatusCode).Should().Be(("InvalidAction", 400));
        error.RequestId.Should().NotBeNullOrEmpty();
    }

    [Fact]
    public async Task Service_ThatIsNot_IsRefusedWithTheOnesThatAre()
    {
        var answer = await _wire.FormAsync("rds", "Action=DescribeDBInstances");

        answer.Status.Should().Be(400);
        answer.Body.Should().Contain("no service 'rds'").And.Contain("ec2, ssm, kms, s3, inspector2, sts, sqs");
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[1]")]
    [InlineData("{\"QueueUrl\":7}")]
    [InlineData("{\"QueueUrl\":\"http://localhost/123456789012/q\",\"MaxNumberOfMessages\":\"many\"}")]
    [InlineData("{\"QueueUrl\":\"a\",\"QueueUrl\":\"b\"}")]
    public async Task Json_ThatIsMalformed_IsTheCallersFault(string body)
    {
        var created = await _wire.JsonAsync("sqs", "AmazonSQS.CreateQueue", "{\"QueueName\":\"q\"}");
        created.Status.Should().Be(200);

        var answer = await _wire.JsonAsync("sqs", "AmazonSQS.ReceiveMessage", body);

        answer.Status.Should().Be(400);
        answer.Body.Should().Contain("SerializationException");
    }

    [Theory]
    [InlineData("")]
    [InlineData("Action")]
    [InlineData("%%%=%zz&=&&=x")]
    [InlineData("Filter.1.Name=x")]
    public async Task Form_WithoutAnAction_IsTheCallersFault(string form)
    {
        var answer = await _wire.FormAsync("ec2", form);

        answer.Status.Should().Be(400);
        answer.Body.Should().Contain("<Code>MissingAction</Code>");
    }

    [Fact]
    public async Task Request_SignedInItsQuery_IsAnsweredToo()
    {
        const string Query =
            "/?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKID%2F20261122%2Feu-west-1%2Fsts%2Faws4_request&X-Amz-Signature=00";

        var answer = await _wire.SendAsync(new(HttpMethod.Get, Query), authorization: null);

        answer.Status.Should().Be(200);
        answer.Body.Should().Contain("<GetCallerIdentityResult>").And.Contain("<Account>123456789012</Account>");
    }

    [Fact]
    public async Task Answers_EachHaveTheirOwnRequestId_InBodyAndHeader()
    {
        var first = await _wire.FormAsync("sts", "Action=GetCallerIdentity");
        var second = await _wire.FormAsync("sts", "Action=GetCallerIdentity");

        first.Headers["x-amzn-requestid"].Should().NotBe(second.Headers["x-amzn-requestid"]);
        first.Body.Should().Contain($"<RequestId>{first.Headers["x-amzn-requestid"]}</RequestId>");
    }
}
