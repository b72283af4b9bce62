using Microsoft.Extensions.Logging;

namespace BakeWorker.Core.Waiting;

/// <summary>Log lines of shared waiting: events 300 to 399.</summary>
internal static partial class Log
{
    [LoggerMessage(300, LogLevel.Warning, "Reading {Count} {Kind} failed with {Code} and is tried again at the next tick: {Reason}")]
    public static partial void ReadFailed(ILogger logger, string kind, int count, string code, string reason);

    [LoggerMessage(301, LogLevel.Warning, "Events of {Queue} are not heard, reading goes on without them: {Reason}")]
    public static partial void EventsUnheard(ILogger logger, string queue, string reason);

    [LoggerMessage(
        302,
        LogLevel.Information,
        "Message {MessageId} of the events queue is no event of this account that bakes wait for; it is removed"
    )]
    public static partial void EventIgnored(ILogger logger, string messageId);
}
