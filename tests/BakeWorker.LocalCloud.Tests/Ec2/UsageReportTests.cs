using Amazon.EC2.Model;

namespace BakeWorker.LocalCloud.Tests.Ec2;

public sealed class UsageReportTests : IAsyncDisposable
{
    private readonly Ec2World _world = new();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Report_OfAnImage_TellsWhoElseUsesItAfterAWhile()
    {
        var image = (await _world.CaptureAsync()).ImageId;
        _world.Cloud.Ec2.UseElsewhere(Ec2World.Home, image, "111122223333", count: 3);
        var id = await AskAsync(image);
        (await ReadAsync(image)).State.Should().Be("pending");

        _world.Pass(TimeSpan.FromMinutes(4));

        var report = await ReadAsync(image);
        (report.ReportId, report.State, report.ResourceTypes.Count).Should().Be((id, "available", 2));
        (report.ExpirationTime - report.CreationTime).Should().Be(TimeSpan.FromDays(30));
        var entries = await _world.Ec2.DescribeImageUsageReportEntriesAsync(new() { ReportIds = [id] });
        var entry = entries.ImageUsageReportEntries.Single();
        (entry.AccountId, entry.ResourceType, entry.UsageCount).Should().Be(("111122223333", "ec2:Instance", 3));
    }

    [Fact]
    public async Task Report_AskedForTwiceWithOneToken_IsOne()
    {
        var image = (await _world.CaptureAsync()).ImageId;

        (await AskAsync(image, "token")).Should().Be(await AskAsync(image, "token"));
    }

    [Fact]
    public async Task Report_Deleted_IsGone()
    {
        var id = await AskAsync((await _world.CaptureAsync()).ImageId);

        await _world.Ec2.DeleteImageUsageReportAsync(new DeleteImageUsageReportRequest { ReportId = id });

        await _world.Ec2.DescribeImageUsageReportsAsync(new() { ReportIds = [id] }).RefusedAsync("InvalidImageUsageReportID.NotFound");
    }

    private async Task<string> AskAsync(string image, string? token = null) =>
        (
            await _world.Ec2.CreateImageUsageReportAsync(
                new CreateImageUsageReportRequest
                {
                    ImageId = image,
                    ClientToken = token,
                    ResourceTypes = [new() { ResourceType = "ec2:Instance" }, new() { ResourceType = "ec2:LaunchTemplate" }],
                }
            )
        ).ReportId;

    private async Task<ImageUsageReport> ReadAsync(string image) =>
        (await _world.Ec2.DescribeImageUsageReportsAsync(new() { ImageIds = [image] })).ImageUsageReports.Single();
}
