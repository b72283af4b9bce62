using Microsoft.Extensions.Logging;

namespace BakeWorker.Core.Telemetry;

/// <summary>Log lines of figures: events 600 to 699.</summary>
internal static partial class Log
{
    [LoggerMessage(600, LogLevel.Warning, "Figures of images and instances are those of before: {Reason}")]
    public static partial void FiguresNotSeen(ILogger logger, string reason);
}
