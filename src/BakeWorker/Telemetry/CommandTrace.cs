using System.Diagnostics;
using BakeWorker.Core.Telemetry;

namespace BakeWorker.Telemetry;

/// <summary>The trace of a command: that of its caller, where <c>TRACEPARENT</c> hands one over.</summary>
internal static class CommandTrace
{
    /// <summary>Begins it and answers the <c>traceparent</c> of what follows; without exporters that is the caller's own, or null.</summary>
    public static string? Begin(string command, string? callers)
    {
        var caller = BakeTelemetry.Parse(callers);
        // It ends at once: a span that is open when the process dies is lost, and what follows can be long.
        using var span = BakeTelemetry.Source.StartActivity(ActivityKind.Internal, caller ?? default, name: $"bakeworker {command}");
        return span?.Id ?? (caller is null ? null : callers);
    }
}
