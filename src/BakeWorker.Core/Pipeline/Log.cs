using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Core.Pipeline;

/// <summary>The operator's vocabulary of a bake: events 100 to 199.</summary>
internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Information, "{BakeId} {Stage} started")]
    public static partial void StageStarted(ILogger logger, BakeId bakeId, string stage);

    [LoggerMessage(101, LogLevel.Information, "{BakeId} {Stage} ended: {Result} after {Seconds:0.0} s")]
    public static partial void StageEnded(ILogger logger, BakeId bakeId, string stage, string result, double seconds);

    [LoggerMessage(102, LogLevel.Warning, "{BakeId} {Stage} failed with {Code} after {Seconds:0.0} s: {Reason}")]
    public static partial void StageFailed(ILogger logger, BakeId bakeId, string stage, string code, double seconds, string reason);

    [LoggerMessage(103, LogLevel.Error, "{BakeId} {Stage} broke")]
    public static partial void StageBroke(ILogger logger, BakeId bakeId, string stage, Exception exception);

    [LoggerMessage(104, LogLevel.Information, "{BakeId} compared with the image in use: {Text}")]
    public static partial void Compared(ILogger logger, BakeId bakeId, string text);

    [LoggerMessage(110, LogLevel.Information, "{BakeId} {Rung} refused: {Code}")]
    public static partial void RungRefused(ILogger logger, BakeId bakeId, Rung rung, string code);

    [LoggerMessage(111, LogLevel.Information, "{BakeId} {Role} {Instance} runs on {Rung}")]
    public static partial void Launched(ILogger logger, BakeId bakeId, InstanceRole role, InstanceId instance, Rung rung);

    [LoggerMessage(112, LogLevel.Information, "{BakeId} step {Step} ended with exit code {ExitCode}")]
    public static partial void StepEnded(ILogger logger, BakeId bakeId, string step, int exitCode);

    [LoggerMessage(113, LogLevel.Warning, "{BakeId} step {Step} ended with exit code {ExitCode}, try {Try} of {Tries}")]
    public static partial void StepRetried(ILogger logger, BakeId bakeId, string step, int exitCode, int @try, int tries);

    [LoggerMessage(114, LogLevel.Warning, "{BakeId} evidence was not kept in {File}: {Reason}")]
    public static partial void EvidenceNotKept(ILogger logger, BakeId bakeId, string file, string reason);

    [LoggerMessage(122, LogLevel.Warning, "{BakeId} predecessors were not retired: {Reason}")]
    public static partial void RetireFailed(ILogger logger, BakeId bakeId, string reason);

    [LoggerMessage(130, LogLevel.Information, "{BakeId} removed {Resource}")]
    public static partial void Removed(ILogger logger, BakeId bakeId, string resource);

    [LoggerMessage(131, LogLevel.Warning, "{BakeId} left {Resource} behind for the sweep: {Reason}")]
    public static partial void LeftBehind(ILogger logger, BakeId bakeId, string resource, string reason);

    [LoggerMessage(132, LogLevel.Warning, "{BakeId} keeps its builder {Instance} until {Until:u}; get in with: {Access}")]
    public static partial void Kept(ILogger logger, BakeId bakeId, InstanceId instance, DateTimeOffset until, string access);
}
