using System.Diagnostics;
using BakeWorker.Core.Cloud;

namespace BakeWorker.Core.Telemetry;

/// <summary>
/// The trace of a bake. It is a trace of its own that links to the producer's, so that a redelivery adds to it and an unsampled producer
/// cannot make it disappear. Its first span ends at once: a span that is open when a worker dies is lost.
/// </summary>
public static class BakeTrace
{
    /// <summary>Begins the trace and answers the <c>traceparent</c> that all attempts continue; null while nobody listens.</summary>
    public static string? Begin(string queue, QueueMessage message)
    {
        var outer = Activity.Current;
        Activity.Current = null;
        try
        {
            ActivityLink[] links = BakeTelemetry.Parse(message.TraceParent) is { } producer ? [new ActivityLink(producer)] : [];
            using var anchor = BakeTelemetry.Source.StartActivity(
                ActivityKind.Consumer,
                parentContext: default,
                [
                    new("messaging.system", "aws_sqs"),
                    new("messaging.operation.name", "process"),
                    new("messaging.operation.type", "process"),
                    new("messaging.destination.name", queue),
                    new("messaging.message.id", message.MessageId),
                    new("bakeworker.message.receive_count", message.ReceiveCount),
                ],
                links,
                name: $"process {queue}"
            );
            return anchor?.Id;
        }
        finally
        {
            Activity.Current = outer;
        }
    }
}
