using BakeWorker.Core.Cloud;

namespace BakeWorker.Aws.Ssm;

/// <summary>SSM's many words for how a command stands, in the domain's few. A word we do not know means: not ended yet.</summary>
internal static class CommandStates
{
    /// <summary><paramref name="details"/> says more than <paramref name="status"/>, and comes with and without spaces.</summary>
    public static CommandState From(string? status, string? details)
    {
        var detail = (details ?? "").Replace(" ", "");
        return Find(detail.Length > 0 ? detail : status) ?? Find(status) ?? CommandState.Running;
    }

    private static CommandState? Find(string? word) =>
        word switch
        {
            "Success" => CommandState.Succeeded,
            "Failed" => CommandState.Failed,
            "ExecutionTimedOut" or "TimedOut" => CommandState.TimedOut,
            "Cancelled" => CommandState.Cancelled,
            "DeliveryTimedOut" or "Undeliverable" or "Terminated" or "InvalidPlatform" or "AccessDenied" => CommandState.Undelivered,
            "NoInstancesInTag" or "LimitExceeded" or "RateExceeded" or "Incomplete" => CommandState.Undelivered,
            "Pending" or "InProgress" or "Delayed" or "Cancelling" => CommandState.Running,
            _ => null,
        };
}
