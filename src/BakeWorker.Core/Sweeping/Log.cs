using Microsoft.Extensions.Logging;

namespace BakeWorker.Core.Sweeping;

/// <summary>Log lines of sweeping and cancelling: events 400 to 499.</summary>
internal static partial class Log
{
    [LoggerMessage(
        400,
        LogLevel.Information,
        "Swept: {Seen} things of ours, {Orphans} without an owner, {Removed} removed, {Problems} Regions not seen"
    )]
    public static partial void Swept(ILogger logger, int seen, int orphans, int removed, int problems);

    [LoggerMessage(401, LogLevel.Information, "{BakeId} swept {Resource} in {Region}: {Reason}")]
    public static partial void Removed(ILogger logger, string bakeId, string resource, string region, string reason);

    [LoggerMessage(402, LogLevel.Warning, "{BakeId} could not sweep {Resource} in {Region}: {Reason}")]
    public static partial void Left(ILogger logger, string bakeId, string resource, string region, string reason);

    [LoggerMessage(403, LogLevel.Information, "{BakeId} asked to stop: {Marked} marked")]
    public static partial void CancelAsked(ILogger logger, string bakeId, string marked);
}
