namespace BakeWorker.Checks;

/// <summary>How something was found.</summary>
internal enum CheckState
{
    Ok,

    /// <summary>Bakes will fail by it.</summary>
    Fault,

    /// <summary>It could not be looked at.</summary>
    Unknown,
}

/// <summary>One thing that was looked at: how it is and, unless it is well, how to mend it or to find out.</summary>
internal sealed record Check(string Subject, CheckState State, string Text, string Mend)
{
    public static Check Ok(string subject, string text) => new(subject, CheckState.Ok, text, "");

    public static Check Fault(string subject, string text, string mend) => new(subject, CheckState.Fault, text, mend);

    public static Check Unknown(string subject, string text, string mend) => new(subject, CheckState.Unknown, text, mend);
}

/// <summary>One look that may find several things. What it cannot look at it throws.</summary>
internal sealed record Exam(string Subject, Func<CancellationToken, IAsyncEnumerable<Check>> LookAsync)
{
    /// <summary>Where it cannot be made, nothing else can be asked of AWS.</summary>
    public bool IsEntrance { get; init; }

    /// <summary>It asks nothing of AWS.</summary>
    public bool IsOffline { get; init; }
}
