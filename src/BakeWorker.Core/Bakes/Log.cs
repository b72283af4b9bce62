using Microsoft.Extensions.Logging;

namespace BakeWorker.Core.Bakes;

/// <summary>Log lines of taking requests: events 200 to 299.</summary>
internal static partial class Log
{
    [LoggerMessage(200, LogLevel.Information, "Takes requests from {Queue}, {Concurrency} bakes at a time")]
    public static partial void Listening(ILogger logger, string queue, int concurrency);

    [LoggerMessage(201, LogLevel.Warning, "Receiving from {Queue} failed and is tried again: {Reason}")]
    public static partial void ReceiveFailed(ILogger logger, string queue, string reason);

    [LoggerMessage(202, LogLevel.Information, "{BakeId} accepted: {Recipe} for request {RequestId}, attempt {Attempt}")]
    public static partial void Accepted(ILogger logger, BakeId bakeId, string recipe, string requestId, int attempt);

    [LoggerMessage(203, LogLevel.Information, "{BakeId} ended: {Outcome} after {Seconds:0.0} s")]
    public static partial void Ended(ILogger logger, BakeId bakeId, string outcome, double seconds);

    [LoggerMessage(204, LogLevel.Warning, "{BakeId} ended: {Outcome} with {Code} after {Seconds:0.0} s: {Reason}")]
    public static partial void EndedBadly(ILogger logger, BakeId bakeId, string outcome, string code, double seconds, string reason);

    [LoggerMessage(205, LogLevel.Warning, "{BakeId} is tried again in {Delay}: {Code}: {Reason}")]
    public static partial void TriedAgain(ILogger logger, string bakeId, TimeSpan delay, string code, string reason);

    [LoggerMessage(206, LogLevel.Information, "{BakeId} handed over to another worker")]
    public static partial void HandedOver(ILogger logger, string bakeId);

    [LoggerMessage(207, LogLevel.Warning, "Message {MessageId} is no valid request and went to the dead-letter queue: {Code}: {Reason}")]
    public static partial void Refused(ILogger logger, string messageId, string code, string reason);

    [LoggerMessage(208, LogLevel.Warning, "The heartbeat of {Count} messages failed: {Reason}")]
    public static partial void HeartbeatFailed(ILogger logger, int count, string reason);

    [LoggerMessage(
        209,
        LogLevel.Warning,
        "The lease of message {MessageId} is lost: its bake stopped here, for whoever has the message now"
    )]
    public static partial void LeaseLost(ILogger logger, string messageId);

    [LoggerMessage(210, LogLevel.Error, "Message {MessageId} could not be settled and will be delivered again: {Reason}")]
    public static partial void NotSettled(ILogger logger, string messageId, string reason);

    [LoggerMessage(
        211,
        LogLevel.Information,
        "Message {MessageId} was delivered again while in work here: the work goes on under the new receipt"
    )]
    public static partial void TakenOver(ILogger logger, string messageId);

    [LoggerMessage(
        212,
        LogLevel.Information,
        "Message {MessageId} was in flight for almost 12 hours, all that SQS allows: it is handed over"
    )]
    public static partial void LeaseAtItsLimit(ILogger logger, string messageId);

    [LoggerMessage(213, LogLevel.Information, "{BakeId} is in work here already: message {MessageId} waits for its end")]
    public static partial void Waits(ILogger logger, BakeId bakeId, string messageId);

    [LoggerMessage(214, LogLevel.Warning, "The answer for {BakeId} could not be sent to {ReplyTo}: {Reason}")]
    public static partial void NotTold(ILogger logger, string bakeId, string replyTo, string reason);

    [LoggerMessage(216, LogLevel.Error, "{BakeId} cannot be answered and goes to the dead-letter queue, if there is one: {Code}: {Reason}")]
    public static partial void GivenUp(ILogger logger, string bakeId, string code, string reason);

    [LoggerMessage(217, LogLevel.Information, "Request {RequestId} for many recipes has become {Count} requests")]
    public static partial void FannedOut(ILogger logger, string requestId, int count);

    [LoggerMessage(218, LogLevel.Warning, "Request {RequestId} selects by labels, and those of {File} cannot be told: it has errors")]
    public static partial void NotSelectable(ILogger logger, string requestId, string file);

    [LoggerMessage(215, LogLevel.Error, "Message {MessageId} met a defect of BakeWorker and will be delivered again")]
    public static partial void Broke(ILogger logger, string messageId, Exception exception);
}
