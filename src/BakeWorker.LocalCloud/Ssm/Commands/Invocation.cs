using System.Text;
using BakeWorker.LocalCloud.Guests;

namespace BakeWorker.LocalCloud.Ssm.Commands;

/// <summary>A command on one instance.</summary>
internal sealed class Invocation(Machine machine) : IDisposable
{
    private readonly CancellationTokenSource _cancel = new();

    public Machine Machine { get; } = machine;
    public string InstanceId => Machine.InstanceId;
    public string Status { get; private set; } = "Pending";
    public string StatusDetails { get; private set; } = "Pending";

    /// <summary>-1 until the script ended by itself.</summary>
    public int ResponseCode { get; private set; } = -1;
    public DateTimeOffset? StartedAt { get; private set; }
    public DateTimeOffset? EndedAt { get; private set; }
    public StringBuilder Output { get; } = new();
    public StringBuilder ErrorOutput { get; } = new();

    /// <summary>How often the agent restarted the guest for this script.</summary>
    public int Reboots { get; set; }

    /// <summary>Within the command's concurrency, so no longer waiting for other instances.</summary>
    public bool IsDispatched { get; set; }

    /// <summary>A script of it runs right now.</summary>
    public bool IsInGuest { get; set; }

    /// <summary>The guest died under the script.</summary>
    public bool IsLost { get; set; }

    /// <summary>It reached the guest, and nothing of that reaches SSM.</summary>
    public bool IsUnreported { get; set; }
    public CancellationToken Cancellation => _cancel.Token;
    public bool IsDone => Status is not ("Pending" or "InProgress" or "Cancelling");

    /// <summary>Counts against MaxErrors; delivery problems do not.</summary>
    public bool IsError => Status == "Failed" || StatusDetails == "ExecutionTimedOut";

    public void Start(DateTimeOffset now) => (Status, StatusDetails, StartedAt) = ("InProgress", "InProgress", StartedAt ?? now);

    public void RequestCancel() => (Status, StatusDetails) = ("Cancelling", "Cancelling");

    /// <summary>Tells the guest to stop the script.</summary>
    public void Kill() => _cancel.Cancel();

    public void End(DateTimeOffset now, string status, string details, int responseCode = -1) =>
        (Status, StatusDetails, ResponseCode, EndedAt) = (status, details, responseCode, now);

    public void Dispose() => _cancel.Dispose();
}
