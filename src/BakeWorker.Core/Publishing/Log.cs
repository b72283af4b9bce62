using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Core.Publishing;

/// <summary>Log lines of publishing and its way back: events 500 to 549.</summary>
internal static partial class Log
{
    [LoggerMessage(500, LogLevel.Information, "{BakeId} published {Image} in {Region}")]
    public static partial void Published(ILogger logger, BakeId bakeId, ImageId image, string region);

    [LoggerMessage(501, LogLevel.Warning, "{BakeId} took the publication of {Image} back; {Left} changes could not be")]
    public static partial void Compensated(ILogger logger, BakeId bakeId, ImageId image, int left);

    [LoggerMessage(503, LogLevel.Warning, "{Image} was not marked before its publication is taken back: {Reason}")]
    public static partial void RoundNotBegun(ILogger logger, ImageId image, string reason);

    [LoggerMessage(502, LogLevel.Information, "{Recipe} rolled back to {Image} in {Region}: {Action}")]
    public static partial void RolledBack(ILogger logger, string recipe, string image, string region, string action);
}
