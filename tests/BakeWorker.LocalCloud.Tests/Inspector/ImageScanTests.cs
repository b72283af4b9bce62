using System.Text.Json.Nodes;
using Amazon.EC2.Model;
using BakeWorker.LocalCloud.Guests.Scripted;

namespace BakeWorker.LocalCloud.Tests.Inspector;

public sealed class ImageScanTests : IAsyncDisposable
{
    private readonly CloudWorld _world = new();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Scan_OfAnOwnImage_ShowsItsFindingsThroughEc2()
    {
        var image = await CaptureAsync("tar 1.34+dfsg-1.2", "libc6 2.36-9+deb12u13 glibc");

        var (status, _, started) = await StartAsync(image);
        status.Should().Be(200);
        var scan = started["scanId"]!.GetValue<string>();
        scan.Should().MatchRegex("^[0-9a-f]{32}$");
        Text(await StatusAsync(image, scan), "scanStatus").Should().Be("IN_PROGRESS");
        _world.PassSeconds(46);

        Text(await StatusAsync(image, scan), "scanStatus").Should().Be("SUCCESSFUL");
        var findings = (await _world.Clients.Ec2.GetImageFindingsAsync(new() { ImageId = image }, Ct)).ImageFindings;
        findings
            .Select(finding => (finding.Title, finding.SeverityLabel.Value, finding.FixAvailable))
            .Should()
            .Equal(("CVE-2005-2541 - tar", "low", false), ("CVE-2023-39804 - tar", "medium", true));
    }

    [Fact]
    public async Task Scan_WhileOneRuns_Conflicts_AndTheListShowsIt()
    {
        var image = await CaptureAsync("tar 1.34+dfsg-1.2");
        var (_, _, first) = await StartAsync(image);

        var (status, error, _) = await StartAsync(image);
        (status, error).Should().Be((409, "ConflictException"));
        _world.PassSeconds(46);
        var (_, _, second) = await StartAsync(image);
        var (_, _, list) = await _world.InspectorAsync("/ondemandscan/list", Body(image));

        list["items"]!
            .AsArray()
            .Select(item => item!["scanId"]!.GetValue<string>())
            .Should()
            .Equal(Text(second, "scanId"), Text(first, "scanId"));
    }

    [Theory]
    [InlineData("other", 403, "AccessDeniedException")]
    [InlineData("ami-0000000000000dead", 404, "ResourceNotFoundException")]
    [InlineData("web-1", 400, "ValidationException")]
    [InlineData("pending", 400, "ValidationException")]
    public async Task Scan_OfSomethingElse_IsRefused(string image, int status, string code)
    {
        if (image == "other")
        {
            image = (await _world.Clients.Ssm.GetParameterAsync(new() { Name = CloudWorld.Debian["resolve:ssm:".Length..] }, Ct))
                .Parameter
                .Value;
        }
        else if (image == "pending")
        {
            image = await CreateImageAsync("tar 1.34+dfsg-1.2");
        }

        var answer = await StartAsync(image);

        (answer.Status, answer.ErrorType).Should().Be((status, code));
    }

    [Theory]
    [InlineData("ACCESS_DENIED")]
    [InlineData("UNSUPPORTED_OS")]
    public async Task Scan_ThatFailsByPlan_SaysWhy(string reason)
    {
        _world.Cloud.Inspector.Behavior.ImageScanFailure = reason;
        var image = await CaptureAsync("tar 1.34+dfsg-1.2");
        var scan = Text((await StartAsync(image)).Body, "scanId");
        _world.PassSeconds(46);

        var answer = await StatusAsync(image, scan);
        (Text(answer, "scanStatus"), Text(answer, "scanStatusReason")).Should().Be(("FAILED", reason));
    }

    [Fact]
    public async Task Scan_ThatNeverFinishes_StaysInProgress()
    {
        _world.Cloud.Inspector.Behavior.NeverFinishes = true;
        var image = await CaptureAsync("tar 1.34+dfsg-1.2");
        var scan = Text((await StartAsync(image)).Body, "scanId");
        _world.Pass(TimeSpan.FromMinutes(10));

        Text(await StatusAsync(image, scan), "scanStatus").Should().Be("IN_PROGRESS");
    }

    [Fact]
    public async Task Scan_OfAnImageThatIsDeregisteredMeanwhile_Fails()
    {
        var image = await CaptureAsync("tar 1.34+dfsg-1.2");
        var scan = Text((await StartAsync(image)).Body, "scanId");
        await _world.Clients.Ec2.DeregisterImageAsync(new() { ImageId = image }, Ct);
        _world.PassSeconds(46);

        Text(await StatusAsync(image, scan), "scanStatusReason").Should().Be("RESOURCE_TERMINATED");
    }

    [Fact]
    public async Task Scan_WithoutInspectorEnabled_WorksAllTheSame()
    {
        _world.Cloud.Inspector.Behavior.IsEnabled = false;

        (await StartAsync(await CaptureAsync("tar 1.34+dfsg-1.2"))).Status.Should().Be(200);
    }

    [Fact]
    public async Task Record_OfAScan_IsGoneAfterAMonth()
    {
        var image = await CaptureAsync("tar 1.34+dfsg-1.2");
        var scan = Text((await StartAsync(image)).Body, "scanId");
        _world.PassSeconds(46);
        _world.Time.Advance(TimeSpan.FromDays(31));

        var (status, error, _) = await _world.InspectorAsync("/ondemandscan/status/get", Body(image, scan));

        (status, error).Should().Be((404, "ResourceNotFoundException"));
    }

    private async Task<string> CaptureAsync(params string[] packages)
    {
        var image = await CreateImageAsync(packages);
        _world.Pass(TimeSpan.FromMinutes(10));
        var described = await _world.Clients.Ec2.DescribeImagesAsync(new() { ImageIds = [image] }, Ct);
        described.Images.Single().State.Value.Should().Be("available");
        return image;
    }

    private async Task<string> CreateImageAsync(params string[] packages)
    {
        var id = await _world.LaunchAsync();
        _world.Guests.Guests.Single(guest => guest.Spec.InstanceId == id).Install(SamplePackages.Of("Debian:12", "amd64", packages));
        await _world.Clients.Ec2.StopInstancesAsync(new() { InstanceIds = [id] }, Ct);
        _world.PassSeconds(20);
        return (await _world.Clients.Ec2.CreateImageAsync(new CreateImageRequest(id, "captured"), Ct)).ImageId;
    }

    private Task<(int Status, string? ErrorType, JsonObject Body)> StartAsync(string image) =>
        _world.InspectorAsync("/ondemandscan/start", Body(image));

    private async Task<JsonObject> StatusAsync(string image, string scan)
    {
        var (status, _, body) = await _world.InspectorAsync("/ondemandscan/status/get", Body(image, scan));
        status.Should().Be(200);
        return body;
    }

    private static string Body(string image, string? scan = null)
    {
        var body = new JsonObject { ["resourceId"] = image, ["resourceType"] = "AMI" };
        if (scan is not null)
        {
            body["scanId"] = scan;
        }

        return body.ToJsonString();
    }

    private static string Text(JsonObject item, string name) => item[name]!.GetValue<string>();
}
