using Amazon.Inspector2;
using Amazon.Inspector2.Model;
using BakeWorker.Aws.Errors;
using BakeWorker.Core.Bakes;

namespace BakeWorker.Aws.Inspector;

/// <summary>Whether Inspector scans instances in this account at all. Asked at most every few minutes.</summary>
internal sealed class InspectorAccount(IAmazonInspector2 inspector, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);
    private (DateTimeOffset AskedAt, string? Obstacle) _last = (DateTimeOffset.MinValue, null);

    /// <summary>Why no instance will ever be scanned; null when nothing is known to stand in the way.</summary>
    public async Task<string?> FindObstacleAsync(CancellationToken ct)
    {
        if (time.GetUtcNow() - _last.AskedAt < Fresh)
        {
            return _last.Obstacle;
        }

        string? obstacle = null;
        try
        {
            obstacle = await AskAsync(ct);
        }
        catch (BakeFailedException failure) when (failure.Code == FailureCodes.AwsDenied)
        {
            // The permission to ask is a convenience; without it the scan's own budget ends the wait.
        }

        _last = (time.GetUtcNow(), obstacle);
        return obstacle;
    }

    /// <summary>The same as of now, and only for those who may ask.</summary>
    public async Task<string?> AskAsync(CancellationToken ct)
    {
        var answer = await inspector.BatchGetAccountStatusAsync(new BatchGetAccountStatusRequest(), ct);
        var status = answer.Accounts?.FirstOrDefault()?.ResourceState?.Ec2?.Status?.Value;
        return status is "DISABLED" or "DISABLING" or "SUSPENDED" or "SUSPENDING" ? $"Inspector's EC2 scanning is {status}" : null;
    }
}
