using Microsoft.Extensions.Logging;

namespace BakeWorker.Core.Scheduling;

/// <summary>Log lines of schedules: events 500 to 599.</summary>
internal static partial class Log
{
    [LoggerMessage(500, LogLevel.Information, "Requested {Recipe} for its tick of {Tick:yyyy-MM-dd HH:mm} UTC: {BakeId}")]
    public static partial void Requested(ILogger logger, string recipe, DateTimeOffset tick, string bakeId);

    [LoggerMessage(501, LogLevel.Warning, "The schedule of {Recipe} is not kept for now: {Reason}")]
    public static partial void NotKept(ILogger logger, string recipe, string reason);

    [LoggerMessage(503, LogLevel.Information, "Requested {Recipe} for its new base {Base}: {BakeId}")]
    public static partial void BaseChanged(ILogger logger, string recipe, string @base, string bakeId);

    [LoggerMessage(504, LogLevel.Warning, "The base of {Recipe} is not watched for now: {Reason}")]
    public static partial void BaseNotSeen(ILogger logger, string recipe, string reason);

    [LoggerMessage(505, LogLevel.Warning, "Bases are not watched for now: {Reason}")]
    public static partial void BasesNotSeen(ILogger logger, string reason);

    [LoggerMessage(502, LogLevel.Warning, "Schedules are not kept for now: {Reason}")]
    public static partial void NoneKept(ILogger logger, string reason);
}
