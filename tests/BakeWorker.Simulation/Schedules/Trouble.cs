namespace BakeWorker.Simulation.Schedules;

/// <summary>What befalls a worker.</summary>
public enum TroubleKind
{
    /// <summary>The process is gone between two instructions: no call leaves it any more and no timer of it fires.</summary>
    Crash,

    /// <summary>SIGTERM, and the process ends when it is done with it.</summary>
    Stop,

    /// <summary>Nothing in the process moves for a while, then everything goes on as if no time had passed.</summary>
    Pause,
}

/// <summary>Strikes at a worker's n-th call to AWS, counted over all its lives: before the call has its effect, or after it.</summary>
public sealed record Trouble(TroubleKind Kind, int AtCall, bool AfterEffect, TimeSpan Lasts);
