namespace BakeWorker.Core.Cloud;

/// <summary>EC2's words for why an instance left its state (StateReason codes). They come after the launch was answered, and mean the same.</summary>
public static class StateReasons
{
    public const string InstanceInitiatedShutdown = "Client.InstanceInitiatedShutdown";

    /// <summary>The pool has no room after all, or EC2 broke there: another one may do.</summary>
    public static bool MeansNextRung(string? code) =>
        code is "Server.InsufficientInstanceCapacity" or "Server.InternalError" || MeansInterrupted(code);

    /// <summary>EC2 took a spot instance back.</summary>
    public static bool MeansInterrupted(string? code) => code?.StartsWith("Server.SpotInstance", StringComparison.Ordinal) == true;
}
