using System.Diagnostics;
using BakeWorker.Core.Bakes;
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
                    .. Messaging("process", queue),
                    new(BakeTelemetry.MessageId, message.MessageId),
                    new(BakeTelemetry.ReceiveCount, message.ReceiveCount),
                    .. BakeScope.Current ?? Enumerable.Empty<KeyValuePair<string, object?>>(),
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

    /// <summary>A span around what is done with a message after its bake: <c>settle</c>, or <c>send</c> of an answer.</summary>
    public static Activity? Around(string operation, string queue, Bake bake) =>
        BakeTelemetry.Source.StartActivity(
            operation == "send" ? ActivityKind.Producer : ActivityKind.Client,
            BakeTelemetry.Parse(bake.TraceParent) ?? default,
            [.. Messaging(operation, queue), .. BakeScope.Of(bake, "queue")],
            name: $"{operation} {queue}"
        );

    /// <summary>A request on its way into the queue, begun by this process: what its bake links to.</summary>
    public static Activity? Sending(string queue, BakeId bake, string recipe, ActivityContext parent = default) =>
        BakeTelemetry.Source.StartActivity(
            ActivityKind.Producer,
            parent,
            [.. Messaging("send", queue), new(BakeTelemetry.PipelineName, recipe), new(BakeTelemetry.RunId, bake.Value)],
            name: $"send {queue}"
        );

    private static KeyValuePair<string, object?>[] Messaging(string operation, string queue) =>
        [
            new(BakeTelemetry.MessagingSystem, "aws_sqs"),
            new(BakeTelemetry.MessagingOperation, operation),
            new(BakeTelemetry.MessagingOperationType, operation),
            new(BakeTelemetry.MessagingDestination, queue),
        ];
}
