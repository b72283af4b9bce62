using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using BakeWorker.LocalCloud.Guests;
using BakeWorker.LocalCloud.Inspector.Advisories;
using BakeWorker.LocalCloud.Inspector.Findings;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Inspector.Images;

/// <summary>
/// StartOnDemandScan, GetOnDemandScanStatus and ListOnDemandScans. What a scan found is read through EC2's GetImageFindings.
/// Request and answer members beyond the documented ones are lenient: their exact shapes are not verified.
/// </summary>
internal sealed partial class ImageScans(LocalCloudAccount account, IMachines machines, InspectorBehavior behavior, AdvisoryBook advisories)
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan Retention = TimeSpan.FromDays(30);
    private readonly List<ImageScan> _scans = [];
    private readonly Dictionary<(string Region, string ImageId, string Title), DateTimeOffset> _firstObserved = [];

    public JsonObject Start(Call call, JsonObject input)
    {
        var id = ResourceId(input);
        var image =
            machines.FindImage(call.Region, id)
            ?? throw new CloudException("ResourceNotFoundException", $"The image {id} does not exist.", 404);
        if (image.OwnerId != account.Options.AccountId)
        {
            throw new CloudException("AccessDeniedException", $"The image {id} belongs to another account.", 403);
        }

        if (image.State != "available")
        {
            throw FilterCriteria.Invalid($"The image {id} is {image.State}; only an available image can be scanned.");
        }

        if (Of(call.Region, id).Any(scan => scan.CompletedAt is null))
        {
            throw new CloudException("ConflictException", $"A scan of {id} is already running.", 409);
        }

        var scan = new ImageScan(account.NewHex(32), call.Region, id, account.Clock.Now);
        _scans.Add(scan);
        account.Clock.After(Duration, () => Finish(scan));
        return new JsonObject { ["scanId"] = scan.ScanId };
    }

    public JsonObject GetStatus(Call call, JsonObject input)
    {
        var (id, scanId) = (ResourceId(input), input.Required("scanId"));
        var scan =
            Of(call.Region, id).FirstOrDefault(scan => scan.ScanId == scanId)
            ?? throw new CloudException("ResourceNotFoundException", $"There is no scan {scanId} of {id}.", 404);
        return Render(scan);
    }

    public JsonObject List(Call call, JsonObject input) =>
        JsonPage.Of(
            Of(call.Region, ResourceId(input)).Reverse().ToList(),
            "items",
            Render,
            JsonRule.Range("maxResults", input.Long("maxResults"), 1, 100) ?? 25,
            ("nextToken", input.String("nextToken")),
            () => FilterCriteria.Invalid("The nextToken is not valid.")
        );

    private void Finish(ImageScan scan)
    {
        if (behavior.NeverFinishes)
        {
            return;
        }

        if (behavior.ImageScanFailure is { } failure)
        {
            Fail(scan, failure);
        }
        else if (machines.FindImage(scan.Region, scan.ImageId) is not { State: "available" } image)
        {
            Fail(scan, "RESOURCE_TERMINATED");
        }
        else
        {
            account.Clock.Outside(() => _ = ReadAsync(scan, image));
        }
    }

    private async Task ReadAsync(ImageScan scan, MachineImage image)
    {
        PackageList? packages = null;
        var failure = "UNSUPPORTED_OS";
        try
        {
            packages = await account.Guests.ReadPackagesAsync(image.DiskId, CancellationToken.None);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            failure = "INTERNAL_ERROR";
        }

        lock (account.Gate)
        {
            if (packages is null)
            {
                Fail(scan, failure);
            }
            else
            {
                Conclude(scan, packages);
            }
        }
    }

    private void Conclude(ImageScan scan, PackageList packages)
    {
        var now = account.Clock.Now;
        var findings = advisories.Find(packages).Select(match => Finding(scan, match, now)).ToList();
        if (!behavior.HidesImageFindings)
        {
            machines.SetImageFindings(scan.Region, scan.ImageId, now, findings);
        }

        (scan.Status, scan.CompletedAt) = ("SUCCESSFUL", now);
    }

    private ImageFinding Finding(ImageScan scan, AdvisoryMatch match, DateTimeOffset now)
    {
        var title = Findings.Finding.TitleOf(match.Advisory, match.Packages);
        var key = (scan.Region, scan.ImageId, title);
        if (!_firstObserved.TryGetValue(key, out var first))
        {
            _firstObserved[key] = first = now;
        }

        var isFixable = Findings.Finding.FixOf(match.Packages) is "YES" or "PARTIAL";
        return new ImageFinding(title, match.Advisory.Severity.ToLowerInvariant(), match.Advisory.Score, isFixable, first);
    }

    private void Fail(ImageScan scan, string reason) =>
        (scan.Status, scan.Reason, scan.CompletedAt) = ("FAILED", reason, account.Clock.Now);

    /// <summary>Records of one image, oldest first; a month after their end they are gone.</summary>
    private IEnumerable<ImageScan> Of(string region, string imageId)
    {
        _scans.RemoveAll(scan => account.Clock.Now - scan.CompletedAt > Retention);
        return _scans.Where(scan => scan.Region == region && scan.ImageId == imageId);
    }

    private static string ResourceId(JsonObject input)
    {
        JsonRule.OneOf("resourceType", input.Required("resourceType"), "AMI");
        return JsonRule.Pattern("resourceId", input.Required("resourceId"), ImagePattern())!;
    }

    private static JsonObject Render(ImageScan scan)
    {
        var answer = new JsonObject
        {
            ["scanId"] = scan.ScanId,
            ["resourceId"] = scan.ImageId,
            ["resourceType"] = "AMI",
            ["scanStatus"] = scan.Status,
            ["startedAt"] = scan.StartedAt.ToEpochSeconds(),
        };
        if (scan.Reason is { } reason)
        {
            answer["scanStatusReason"] = reason;
        }

        if (scan.CompletedAt is { } completed)
        {
            answer["completedAt"] = completed.ToEpochSeconds();
        }

        return answer;
    }

    [GeneratedRegex("^ami-([0-9a-f]{8}|[0-9a-f]{17})$")]
    private static partial Regex ImagePattern();
}
