using System.Globalization;
using Amazon.EC2;
using Amazon.EC2.Model;
using BakeWorker.Aws.Naming;
using BakeWorker.Aws.Resilience;
using BakeWorker.Core.Cloud;

namespace BakeWorker.Aws.Ec2;

/// <summary>EC2's reports on who in other accounts uses an image.</summary>
internal sealed class ImageUsage(IAmazonEC2 ec2, TimeProvider time) : IImageUsage
{
    private const string Available = "available";
    private static readonly string[] Kinds = ["ec2:Instance", "ec2:LaunchTemplate"];

    public async Task<UsageReport?> FindAsync(ImageId id, CancellationToken ct)
    {
        var reports = await Pages.ReadAllAsync<ImageUsageReport>(async token =>
        {
            var request = new DescribeImageUsageReportsRequest { ImageIds = [id.Value], NextToken = token };
            var page = await ec2.DescribeImageUsageReportsAsync(request, ct);
            return (page.ImageUsageReports, page.NextToken);
        });
        // One that somebody asked for about some accounts, or one kind of resource, says nothing of the others.
        var newest = reports
            .Where(report => report.AccountIds is null or { Count: 0 })
            .Where(report => Kinds.All(kind => (report.ResourceTypes ?? []).Exists(type => type.ResourceType == kind)))
            .MaxBy(report => report.CreationTime);
        return newest is null ? null : new UsageReport(AskedAt(newest), await FindUsersAsync(newest, ct), newest.State ?? "unknown");
    }

    public async Task AskAsync(ImageId id, CancellationToken ct) =>
        await ec2.CreateImageUsageReportAsync(
            new CreateImageUsageReportRequest
            {
                ClientToken = Names.Token($"{id}|usage|{time.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}"),
                ImageId = id.Value,
                ResourceTypes =
                [
                    new ImageUsageResourceTypeRequest { ResourceType = Kinds[0] },
                    new ImageUsageResourceTypeRequest
                    {
                        ResourceType = Kinds[1],
                        ResourceTypeOptions =
                        [
                            // Twenty versions unless told otherwise, and the default may be an older one.
                            new ImageUsageResourceTypeOptionRequest { OptionName = "version-depth", OptionValues = ["10000"] },
                        ],
                    },
                ],
            },
            ct
        );

    private async Task<IReadOnlyList<string>?> FindUsersAsync(ImageUsageReport report, CancellationToken ct)
    {
        if (report.State != Available)
        {
            return null;
        }

        var entries = await Pages.ReadAllAsync<ImageUsageReportEntry>(async token =>
        {
            var request = new DescribeImageUsageReportEntriesRequest { ReportIds = [report.ReportId], NextToken = token };
            var page = await ec2.DescribeImageUsageReportEntriesAsync(request, ct);
            return (page.ImageUsageReportEntries, page.NextToken);
        });
        return
        [
            .. entries
                .Where(entry => entry.UsageCount is null or > 0)
                .Select(entry => $"account {entry.AccountId} ({entry.UsageCount} {entry.ResourceType})"),
        ];
    }

    private static DateTimeOffset AskedAt(ImageUsageReport report) =>
        report.CreationTime is { } at ? new DateTimeOffset(at.ToUniversalTime()) : DateTimeOffset.MinValue;
}
