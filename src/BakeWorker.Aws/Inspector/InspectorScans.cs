using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.Inspector2;
using Amazon.Inspector2.Model;
using BakeWorker.Aws.Naming;
using BakeWorker.Aws.Resilience;
using BakeWorker.Aws.Telemetry;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using Finding = BakeWorker.Core.Cloud.Finding;
using ScanStatus = BakeWorker.Core.Cloud.ScanStatus;
using StringComparison = Amazon.Inspector2.StringComparison;

namespace BakeWorker.Aws.Inspector;

/// <summary>Amazon Inspector in one Region: what it knows of running instances, and scans of images on demand.</summary>
internal sealed class InspectorScans(IAmazonInspector2 inspector, IAmazonEC2 ec2, string region, TimeProvider time) : IScans
{
    // Inspector: at most 10 values in a filter.
    private const int FilterValues = 10;
    private static readonly string PackageVulnerability = FindingType.PACKAGE_VULNERABILITY.Value;
    private readonly InspectorAccount _account = new(inspector, time);
    private readonly ImageScans _images = new(inspector, region);

    public Task<string?> FindObstacleAsync(CancellationToken ct) => _account.AskAsync(ct);

    public async Task<IReadOnlyDictionary<InstanceId, ScanStatus>> ReadCoverageAsync(
        IReadOnlyCollection<InstanceId> ids,
        CancellationToken ct
    )
    {
        using var quiet = AwsTelemetry.BeQuiet();
        var seen = new Dictionary<InstanceId, ScanStatus>();
        try
        {
            foreach (var row in await ListCoverageAsync(ids, ct))
            {
                seen.TryAdd(new InstanceId(row.ResourceId ?? ""), Coverage.From(row));
            }
        }
        // An account without Inspector gets the same answer as a worker without the permission.
        catch (BakeFailedException failure) when (failure.Code == FailureCodes.AwsDenied)
        {
            if (await _account.FindObstacleAsync(ct) is null)
            {
                throw;
            }
        }

        if (ids.Any(id => !seen.ContainsKey(id)) && await _account.FindObstacleAsync(ct) is { } obstacle)
        {
            // Without this, a bake would wait for a scan that nobody will ever do.
            foreach (var id in ids)
            {
                seen.TryAdd(id, new ScanStatus(ScanState.Failed, $"{obstacle} in {region}"));
            }
        }

        return seen;
    }

    public async Task<IReadOnlyList<Finding>> ListFindingsAsync(InstanceId instance, CancellationToken ct)
    {
        var criteria = new FilterCriteria { ResourceId = [Exactly(instance.Value)], FindingType = [Exactly(PackageVulnerability)] };
        var findings = await Pages.ReadAllAsync(token => FindingsAsync(criteria, token, ct));
        return [.. findings.Where(finding => finding.Status?.Value != FindingStatus.CLOSED.Value).SelectMany(Findings.From)];
    }

    public async Task<IReadOnlyList<Finding>?> FindFixableAsync(ImageId image, CancellationToken ct)
    {
        var criteria = new FilterCriteria
        {
            Ec2InstanceImageId = [Exactly(image.Value)],
            FindingType = [Exactly(PackageVulnerability)],
            FindingStatus = [Exactly(FindingStatus.ACTIVE.Value)],
            FixAvailable = [Exactly("YES"), Exactly("PARTIAL")],
        };
        var (found, next) = (new List<Amazon.Inspector2.Model.Finding>(), (string?)null);
        do
        {
            var page = await FindingsAsync(criteria, next, ct);
            found.AddRange(page.Items ?? []);
            next = page.Next;
        } while (!string.IsNullOrEmpty(next) && found.Count <= IScans.MostOfImage);

        return found.Count > IScans.MostOfImage ? null : [.. found.SelectMany(Findings.From).Where(finding => finding.IsFixable)];
    }

    public Task<ScanKey> EnsureImageScanAsync(ImageId image, CancellationToken ct) => _images.EnsureAsync(image, ct);

    public Task<IReadOnlyDictionary<ScanKey, ScanStatus>> ReadImageScansAsync(IReadOnlyCollection<ScanKey> keys, CancellationToken ct) =>
        _images.ReadAsync(keys, ct);

    public async Task<IReadOnlyList<Finding>?> FindImageFindingsAsync(ImageId image, DateTimeOffset since, CancellationToken ct)
    {
        var described = await ec2.DescribeImagesAsync(
            new DescribeImagesRequest { Owners = ["self"], Filters = [new Filter { Name = "image-id", Values = [image.Value] }] },
            ct
        );
        var result = described.Images?.FirstOrDefault()?.ScanResults;
        if (result?.FindingScanDate is not { } scannedAt || scannedAt.ToUniversalTime() < since.UtcDateTime)
        {
            return null;
        }

        var findings = await Pages.ReadAllAsync<ImageFinding>(async token =>
        {
            var request = new GetImageFindingsRequest
            {
                ImageId = image.Value,
                MaxResults = 1_000,
                NextToken = token,
            };
            var page = await ec2.GetImageFindingsAsync(request, ct);
            return (page.ImageFindings, page.NextToken);
        });
        return IsWhole(findings, result.HighestFindingSeverityLabel?.Value) ? [.. findings.SelectMany(Findings.From)] : null;
    }

    // EC2 says of the scan what its worst finding is: a list that does not reach as high is not all of it.
    private static bool IsWhole(IEnumerable<ImageFinding> findings, string? worst) =>
        worst is null || findings.Any(finding => Findings.SeverityOf(finding.SeverityLabel?.Value) >= Findings.SeverityOf(worst));

    // Ten ids a call would be a hundred calls for a thousand testers; their tag is one filter, and two hundred come in a page.
    private Task<List<CoveredResource>> ListCoverageAsync(IReadOnlyCollection<InstanceId> ids, CancellationToken ct) =>
        ids.Count > FilterValues ? ListTestersAsync(ct) : ListAsync(ids, ct);

    private async Task<List<CoveredResource>> ListTestersAsync(CancellationToken ct)
    {
        var testers = new CoverageMapFilter
        {
            Comparison = CoverageStringComparison.EQUALS,
            Key = ResourceTags.Role,
            Value = Tags.Role(InstanceRole.Tester),
        };
        return await Pages.ReadAllAsync<CoveredResource>(token =>
            PageAsync(new CoverageFilterCriteria { Ec2InstanceTags = [testers], ScanType = [Equal(ScanType.PACKAGE.Value)] }, token, ct)
        );
    }

    private Task<List<CoveredResource>> ListAsync(IReadOnlyCollection<InstanceId> ids, CancellationToken ct) =>
        Pages.ReadAllAsync(
            ids.Select(id => id.Value),
            FilterValues,
            (some, token) =>
                PageAsync(
                    new CoverageFilterCriteria { ResourceId = [.. some.Select(Equal)], ScanType = [Equal(ScanType.PACKAGE.Value)] },
                    token,
                    ct
                )
        );

    private async Task<(IEnumerable<CoveredResource>? Items, string? Next)> PageAsync(
        CoverageFilterCriteria criteria,
        string? token,
        CancellationToken ct
    )
    {
        var request = new ListCoverageRequest
        {
            FilterCriteria = criteria,
            MaxResults = 200,
            NextToken = token,
        };
        var page = await inspector.ListCoverageAsync(request, ct);
        return (page.CoveredResources, page.NextToken);
    }

    private async Task<(IEnumerable<Amazon.Inspector2.Model.Finding>? Items, string? Next)> FindingsAsync(
        FilterCriteria criteria,
        string? token,
        CancellationToken ct
    )
    {
        var request = new ListFindingsRequest
        {
            FilterCriteria = criteria,
            MaxResults = 100,
            NextToken = token,
        };
        var page = await inspector.ListFindingsAsync(request, ct);
        return (page.Findings, page.NextToken);
    }

    private static StringFilter Exactly(string value) => new() { Comparison = StringComparison.EQUALS, Value = value };

    private static CoverageStringFilter Equal(string value) => new() { Comparison = CoverageStringComparison.EQUALS, Value = value };
}
