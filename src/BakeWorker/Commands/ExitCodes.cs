using BakeWorker.Core.Bakes;

namespace BakeWorker.Commands;

/// <summary>What the process tells its caller; scripts rely on these.</summary>
public static class ExitCodes
{
    /// <summary>Published, skipped, or requested one by one.</summary>
    public const int Done = 0;
    public const int Failed = 1;

    /// <summary>Invalid usage, settings, recipe or request.</summary>
    public const int Invalid = 2;

    /// <summary>A gate said no.</summary>
    public const int Rejected = 3;
    public const int Cancelled = 4;

    public static int For(Outcome outcome) =>
        outcome switch
        {
            Outcome.Published or Outcome.Skipped or Outcome.Requested => Done,
            Outcome.Rejected => Rejected,
            Outcome.Cancelled => Cancelled,
            Outcome.Invalid => Invalid,
            _ => Failed,
        };

    public static int For(FailureKind kind) =>
        kind switch
        {
            FailureKind.Invalid => Invalid,
            FailureKind.Rejected => Rejected,
            FailureKind.Cancelled => Cancelled,
            _ => Failed,
        };
}

/// <summary>A mistake in how the command was called, as sentences for the person who called it.</summary>
public sealed class UsageException(string message, string code = FailureCodes.RequestInvalid) : Exception(message)
{
    /// <summary>What a result calls it.</summary>
    public string Code { get; } = code;
}
