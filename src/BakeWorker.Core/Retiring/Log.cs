using BakeWorker.Core.Cloud;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Core.Retiring;

/// <summary>Log lines of retirement: events 550 to 599.</summary>
internal static partial class Log
{
    [LoggerMessage(550, LogLevel.Information, "{Image} in {Region} retired a step further, {Action}: {Reason}")]
    public static partial void Retired(ILogger logger, ImageId image, string region, string action, string reason);

    [LoggerMessage(551, LogLevel.Warning, "{Image} in {Region} stays, {Action} did not work: {Reason}")]
    public static partial void NotRetired(ILogger logger, ImageId image, string region, string action, string reason);
}
