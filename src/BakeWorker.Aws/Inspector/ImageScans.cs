using Amazon.Inspector2;
using Amazon.Inspector2.Model;
using Amazon.Runtime;
using BakeWorker.Aws.Errors;
using BakeWorker.Aws.Telemetry;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using ScanStatus = BakeWorker.Core.Cloud.ScanStatus;

namespace BakeWorker.Aws.Inspector;

/// <summary>
/// Scans of images on demand. The HTTP paths of these operations are ours to set (see <see cref="OnDemandScanPaths"/>), so an answer
/// that means "no such operation" is a failure of its own and never a pass.
/// </summary>
internal sealed class ImageScans(IAmazonInspector2 inspector, string region)
{
    private const string Ami = "AMI";

    public async Task<ScanKey> EnsureAsync(ImageId image, CancellationToken ct)
    {
        // Every scan that succeeds is charged, and images do not change: the one that an earlier attempt began will do.
        if (await FindLastAsync(image, ct) is { } last)
        {
            return last;
        }

        try
        {
            var request = new StartOnDemandScanRequest { ResourceId = image.Value, ResourceType = Ami };
            var started = await AskAsync(() => inspector.StartOnDemandScanAsync(request, ct));
            return started.ScanId is { Length: > 0 } id
                ? new ScanKey(image, id)
                : throw Failed($"Inspector accepted a scan of {image} without naming it", "try again, or use scan.source: instance");
        }
        catch (BakeFailedException failure) when (failure.Is("Conflict"))
        {
            if (await FindLastAsync(image, ct) is { } other)
            {
                return other;
            }

            throw;
        }
    }

    public async Task<IReadOnlyDictionary<ScanKey, ScanStatus>> ReadAsync(IReadOnlyCollection<ScanKey> keys, CancellationToken ct)
    {
        using var quiet = AwsTelemetry.BeQuiet();
        var seen = new Dictionary<ScanKey, ScanStatus>();
        foreach (var key in keys.Distinct())
        {
            try
            {
                var request = new GetOnDemandScanStatusRequest
                {
                    ResourceId = key.Image.Value,
                    ResourceType = Ami,
                    ScanId = key.ScanId,
                };
                seen[key] = From(await AskAsync(() => inspector.GetOnDemandScanStatusAsync(request, ct)));
            }
            catch (BakeFailedException failure) when (failure.Is("ResourceNotFound")) { }
        }

        return seen;
    }

    // The most recent comes first. One that failed, or stands at something unknown, is no answer.
    private async Task<ScanKey?> FindLastAsync(ImageId image, CancellationToken ct)
    {
        var request = new ListOnDemandScansRequest { ResourceId = image.Value, ResourceType = Ami };
        var answer = await AskAsync(() => inspector.ListOnDemandScansAsync(request, ct));
        return answer.Items?.FirstOrDefault() is { ScanStatus: "IN_PROGRESS" or "SUCCESSFUL", ScanId: { Length: > 0 } id }
            ? new ScanKey(image, id)
            : null;
    }

    private static ScanStatus From(GetOnDemandScanStatusResponse answer) =>
        answer.ScanStatus switch
        {
            "SUCCESSFUL" => new ScanStatus(ScanState.Done, "SUCCESSFUL") { ScannedAt = answer.CompletedAt },
            "FAILED" => new ScanStatus(ScanState.Failed, answer.ScanStatusReason ?? "FAILED")
            {
                // AWS says of these to start again; all others are the same every time.
                MayPassNextTime = answer.ScanStatusReason is "INTERNAL_ERROR" or "AGENTLESS_INSTANCE_COLLECTION_TIME_LIMIT_EXCEEDED",
            },
            "IN_PROGRESS" => new ScanStatus(ScanState.Running, "IN_PROGRESS"),
            // Waited for like one in progress: when the budget ends it fails.
            var other => new ScanStatus(ScanState.Running, $"{other ?? "no status"}, which is not known here"),
        };

    private async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (BakeFailedException failure) when (IsUnknownOperation(failure))
        {
            throw Failed(
                $"Inspector in {region} does not know scans of images on demand ({failure.AwsCode()})",
                "use scan.source: instance, or correct the paths in the setting ScanPaths",
                failure.InnerException
            );
        }
    }

    private static bool IsUnknownOperation(BakeFailedException failure) =>
        failure.Is("UnknownOperation", "InvalidAction", "MissingAuthenticationToken", "NotFound")
        || (
            failure.InnerException
                is AmazonServiceException { StatusCode: System.Net.HttpStatusCode.NotFound or System.Net.HttpStatusCode.MethodNotAllowed }
            && !failure.Is("ResourceNotFound")
        );

    private static BakeFailedException Failed(string what, string todo, Exception? inner = null) =>
        new(FailureKind.Failed, FailureCodes.ScanUnavailable, $"{what}; {todo}.", inner);
}
