using System.Text.Json.Nodes;
using BakeWorker.LocalCloud.Ssm.Documents;

namespace BakeWorker.LocalCloud.Ssm.Commands;

/// <summary>A sent command: one invocation per instance.</summary>
internal sealed class Command
{
    public required string Id { get; init; }
    public required string Region { get; init; }
    public required Document Document { get; init; }
    public required string DocumentVersion { get; init; }
    public required string Comment { get; init; }
    public required DocumentValues Values { get; init; }
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>From here on the read operations know of it: they lag behind SendCommand.</summary>
    public required DateTimeOffset VisibleAt { get; init; }

    /// <summary>How long the command may wait for the agent to start it.</summary>
    public required TimeSpan DeliveryTimeout { get; init; }
    public required TimeSpan ExecutionTimeout { get; init; }
    public required string MaxConcurrency { get; init; }
    public required string MaxErrors { get; init; }

    /// <summary>What the caller gave and gets to see again: parameters, targets, output and notification settings.</summary>
    public required JsonObject Request { get; init; }
    public required IReadOnlyList<Invocation> Invocations { get; init; }

    public DateTimeOffset ExpiresAt => RequestedAt + DeliveryTimeout + ExecutionTimeout;
    public bool IsDone => Invocations.All(invocation => invocation.IsDone);
    public int ErrorCount => Invocations.Count(invocation => invocation.IsError);

    public int ErrorLimit => Share(MaxErrors);
    public int ConcurrencyLimit => Math.Max(1, Share(MaxConcurrency));

    public (string Status, string Details) State =>
        Invocations switch
        {
            [] => ("Failed", "NoInstancesInTag"),
            [var only] => (only.Status, only.StatusDetails),
            _ when Invocations.All(invocation => invocation.Status == "Pending") => ("Pending", "Pending"),
            _ when Invocations.Any(invocation => invocation.Status == "Cancelling") => ("Cancelling", "Cancelling"),
            _ when !IsDone => ("InProgress", "InProgress"),
            _ when Invocations.FirstOrDefault(invocation => invocation.Status == "Failed") is not null => ("Failed", "Failed"),
            _ when Invocations.FirstOrDefault(invocation => invocation.Status == "TimedOut") is { } late => (
                "TimedOut",
                late.StatusDetails
            ),
            _ when Invocations.Any(invocation => invocation.Status == "Cancelled") => ("Cancelled", "Cancelled"),
            _ => ("Success", "Success"),
        };

    /// <summary>A number of targets, given as such or as a percentage.</summary>
    private int Share(string text) =>
        text.EndsWith('%') ? int.Parse(text.AsSpan(0, text.Length - 1)) * Invocations.Count / 100 : int.Parse(text);
}
