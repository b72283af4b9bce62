using Microsoft.Extensions.Logging;

namespace BakeWorker.Hosting;

/// <summary>Log lines of the process: events 900 to 999.</summary>
internal static partial class Log
{
    [LoggerMessage(
        900,
        LogLevel.Information,
        "Worker {Worker} {Version} is up: recipes in {Recipes}, Region {Region}, endpoint {Endpoint}"
    )]
    public static partial void Up(ILogger logger, string worker, string version, string recipes, string region, string endpoint);

    [LoggerMessage(901, LogLevel.Information, "Stopping: bakes in work are handed over within {Patience}")]
    public static partial void Stopping(ILogger logger, TimeSpan patience);

    [LoggerMessage(902, LogLevel.Critical, "The worker takes no more requests: {Reason}")]
    public static partial void ConsumerEnded(ILogger logger, string reason);

    [LoggerMessage(904, LogLevel.Warning, "The sweep was not complete, and the next one tries again: {Reason}")]
    public static partial void SweepFailed(ILogger logger, string reason);

    [LoggerMessage(905, LogLevel.Error, "A defect in {Sideline}, please report it; bakes go on, and it begins again in a minute")]
    public static partial void SidelineBroke(ILogger logger, string sideline, Exception exception);

    [LoggerMessage(
        903,
        LogLevel.Information,
        "The endpoint is on this machine: LocalCloud's queue, subnets and profile stand in for settings that are left out"
    )]
    public static partial void LocalDefaults(ILogger logger);
}
