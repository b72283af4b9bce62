using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;

namespace BakeWorker.LocalCloud.Tests.Ssm;

public sealed class SendCommandTests : IAsyncDisposable
{
    private readonly CloudWorld _world = new();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string, Action<SendCommandRequest>> Wrong =>
        new()
        {
            { "InvalidDocument", request => request.DocumentName = "AWS-Nothing" },
            { "InvalidDocumentVersion", request => request.DocumentVersion = "7" },
            { "InvalidDocument", request => request.DocumentHash = new string('0', 64) },
            { "InvalidParameters", request => request.Parameters["command"] = ["ls"] },
            { "InvalidParameters", request => request.Parameters.Remove("commands") },
            { "InvalidParameters", request => request.Parameters["executionTimeout"] = ["172801"] },
            { "InvalidParameters", request => request.Parameters["executionTimeout"] = ["soon"] },
            { "InvalidParameters", request => request.Parameters["workingDirectory"] = ["/a", "/b"] },
            { "InvalidParameters", request => request.Parameters["commands"] = ["echo {{ssm:/none}}"] },
            { "InvalidParameters", request => request.Parameters["commands"] = ["echo {{ ssm:/secret }}"] },
            { "MaxDocumentSizeExceeded", request => request.Parameters["commands"] = [new string('x', 64 * 1024)] },
            { "ValidationException", request => request.Comment = new string('c', 101) },
            { "ValidationException", request => request.TimeoutSeconds = Unchecked(29) },
            { "ValidationException", request => request.TimeoutSeconds = Unchecked(2_592_001) },
            { "ValidationException", request => request.MaxConcurrency = Unchecked("all") },
            { "ValidationException", request => request.InstanceIds = ["web-1"] },
            { "ValidationException", request => request.InstanceIds = [] },
            { "ValidationException", request => request.Targets = [new() { Key = "tag:x", Values = ["y"] }] },
            { "InvalidInstanceId", request => request.InstanceIds = ["i-00000000000000000"] },
            { "DuplicateInstanceId", request => request.InstanceIds.Add(request.InstanceIds[0]) },
            { "UnsupportedPlatformType", request => request.InstanceIds = ["windows"] },
            { "InvalidOutputFolder", request => request.OutputS3BucketName = "no-such-bucket" },
            {
                "InvalidNotificationConfig",
                request => request.NotificationConfig = new() { NotificationArn = "arn:aws:sns:eu-west-1:1:t" }
            },
        };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task Send_WithSomethingWrong_IsRefusedAsAwsDoes(string code, Action<SendCommandRequest> spoil)
    {
        await _world.Clients.Ssm.PutParameterAsync(
            new()
            {
                Name = "/secret",
                Value = "s",
                Type = ParameterType.SecureString,
            },
            Ct
        );
        var request = new SendCommandRequest("AWS-RunShellScript", [await _world.LaunchAsync()])
        {
            Parameters = new() { ["commands"] = ["true"] },
        };
        var windows = await _world.LaunchAsync(CloudWorld.Windows);
        spoil(request);
        request.InstanceIds = [.. request.InstanceIds.Select(id => id == "windows" ? windows : id)];

        var refused = await FluentActions
            .Awaiting(() => _world.Clients.Ssm.SendCommandAsync(request, Ct))
            .Should()
            .ThrowAsync<AmazonSimpleSystemsManagementException>();

        refused.Which.ErrorCode.Should().Be(code);
        refused.Which.Message.Should().NotBeNullOrWhiteSpace();
        (await _world.Clients.Ssm.ListCommandsAsync(new ListCommandsRequest(), Ct)).Commands.Should().BeNullOrEmpty();
    }

    [Fact]
    public async Task Send_ToAnInstanceWithoutAgent_IsRefusedWithItsId()
    {
        var id = await _world.LaunchAsync(CloudWorld.Debian);

        var send = () =>
            _world.Clients.Ssm.SendCommandAsync(
                new SendCommandRequest("AWS-RunShellScript", [id]) { Parameters = new() { ["commands"] = ["true"] } },
                Ct
            );

        (await send.Should().ThrowAsync<InvalidInstanceIdException>()).WithMessage(
            $"*[[{id}]] not in a valid state for account 123456789012"
        );
    }

    [Fact]
    public async Task Send_WithHashOfTheDocument_IsAccepted()
    {
        var document = (await _world.Clients.Ssm.DescribeDocumentAsync(new DescribeDocumentRequest("AWS-RunShellScript"), Ct)).Document;
        var request = new SendCommandRequest("AWS-RunShellScript", [await _world.LaunchAsync()])
        {
            DocumentHash = document.Hash,
            DocumentHashType = DocumentHashType.Sha256,
            DocumentVersion = "$LATEST",
            Parameters = new() { ["commands"] = ["true"] },
        };

        var command = (await _world.Clients.Ssm.SendCommandAsync(request, Ct)).Command;

        command.DocumentVersion.Should().Be("$LATEST");
        command.Parameters["commands"].Should().Equal("true");
        command.InstanceIds.Should().Equal(request.InstanceIds);
    }

    [Fact]
    public async Task Documents_CanBeLookedAt()
    {
        var names = (await _world.Clients.Ssm.ListDocumentsAsync(new ListDocumentsRequest(), Ct)).DocumentIdentifiers.Select(item =>
            item.Name
        );
        names.Should().Equal("AWS-ConfigureAWSPackage", "AWS-RunPatchBaseline", "AWS-RunPowerShellScript", "AWS-RunShellScript");

        var document = (await _world.Clients.Ssm.DescribeDocumentAsync(new DescribeDocumentRequest("AWS-RunShellScript"), Ct)).Document;
        document.Owner.Should().Be("Amazon");
        document.PlatformTypes.Should().Contain("Linux").And.NotContain("Windows");
        document.Parameters.Select(parameter => parameter.Name).Should().Equal("commands", "workingDirectory", "executionTimeout");
        var content = (await _world.Clients.Ssm.GetDocumentAsync(new GetDocumentRequest("AWS-RunPatchBaseline"), Ct)).Content;
        content.Should().Contain("\"PatchLinux\"");
        await FluentActions
            .Awaiting(() => _world.Clients.Ssm.DescribeDocumentAsync(new DescribeDocumentRequest("Mine"), Ct))
            .Should()
            .ThrowAsync<InvalidDocumentException>();
    }

    /// <summary>Hides a wrong value from the SDK's analyzer: here the cloud is to refuse it.</summary>
    private static T Unchecked<T>(T value) => value;
}
