using Microsoft.Extensions.Logging;

namespace BakeWorker.Core.Waiting;

/// <summary>Log lines of shared waiting: events 300 to 399.</summary>
internal static partial class Log
{
    [LoggerMessage(300, LogLevel.Warning, "Reading {Count} {Kind} failed with {Code} and is tried again at the next tick: {Reason}")]
    public static partial void ReadFailed(ILogger logger, string kind, int count, string code, string reason);
}
