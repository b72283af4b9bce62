using Microsoft.Extensions.Logging;

namespace BakeWorker.Board;

/// <summary>Log lines of the board: events 920 to 939.</summary>
internal static partial class Log
{
    [LoggerMessage(920, LogLevel.Information, "The board is at {Url}")]
    public static partial void BoardIsUp(ILogger logger, string url);

    [LoggerMessage(
        921,
        LogLevel.Warning,
        "There is no board, because it cannot listen on {Address}: {Reason}; give another address in Web:Listen"
    )]
    public static partial void NoBoard(ILogger logger, string address, string reason);

    [LoggerMessage(922, LogLevel.Warning, "The board could not look at all of the account, and shows what it saw before: {Reason}")]
    public static partial void LookFailed(ILogger logger, string reason);

    [LoggerMessage(923, LogLevel.Warning, "A page of the board could not be made: {Path}")]
    public static partial void PageBroke(ILogger logger, string path, Exception exception);
}
