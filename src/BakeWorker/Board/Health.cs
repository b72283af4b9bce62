using BakeWorker.Core.Bakes;
using BakeWorker.Hosting;
using Microsoft.Extensions.Hosting;

namespace BakeWorker.Board;

/// <summary>Answers whether the process is alive, and whether it is ready: not stopping, and able to receive.</summary>
internal sealed class Health(WorkerEnd end, ReceiveWatch watch, IHostApplicationLifetime lifetime)
{
    /// <summary>A worker whose loop has ended is not alive, though its process may still answer.</summary>
    public HealthAnswer Live() =>
        end.Cause is { } cause
            ? new("dead", $"the worker takes no more requests: {Shown.Line(cause.Message)}")
            : HealthAnswer.Well("alive");

    public HealthAnswer Ready() =>
        end.Cause is not null ? Live()
        : lifetime.ApplicationStopping.IsCancellationRequested ? new("stopping", "the worker is stopping and hands its bakes over")
        : watch.FindTrouble() is { } trouble ? new("not ready", Shown.Line(trouble))
        : HealthAnswer.Well("ready") with { ReceivedAt = watch.ReceivedAt };
}

/// <summary>The answer of a health endpoint; with a <paramref name="Reason"/> all is not well.</summary>
public sealed record HealthAnswer(string Status, string? Reason)
{
    /// <summary>When a receive last got through.</summary>
    public DateTimeOffset? ReceivedAt { get; init; }

    public static HealthAnswer Well(string status) => new(status, null);
}
