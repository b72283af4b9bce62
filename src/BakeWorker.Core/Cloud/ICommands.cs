using BakeWorker.Core.Bakes;

namespace BakeWorker.Core.Cloud;

/// <summary>How a command ended, or that it has not.</summary>
public enum CommandState
{
    Running,
    Succeeded,

    /// <summary>The script ran and answered a non-zero exit code.</summary>
    Failed,

    /// <summary>The script ran longer than its document allowed and was killed with its process group.</summary>
    TimedOut,

    /// <summary>It never reached the guest, or the guest was lost: not the script's fault.</summary>
    Undelivered,
    Cancelled,
}

/// <summary>A command invocation at one moment. <paramref name="ExitCode"/> counts only when it ran.</summary>
public sealed record Command(CommandKey Key, CommandState State, string StatusDetails)
{
    public int ExitCode { get; init; } = -1;

    /// <summary>Filled where <see cref="HasOutput"/>; reads of many commands do not carry it.</summary>
    public string Output { get; init; } = "";
    public string ErrorOutput { get; init; } = "";

    /// <summary>Whether the output was read, too.</summary>
    public bool HasOutput { get; init; }

    public bool IsDone => State != CommandState.Running;
}

/// <summary>A command that SSM took, and when it did.</summary>
public sealed record SentCommand(CommandKey Key, DateTimeOffset At);

/// <summary>A command as a list shows it. <paramref name="Task"/> is the key it was ordered by, such as <c>step/patch/1</c>.</summary>
public sealed record SentTask(CommandKey Key, string Task, CommandState State, DateTimeOffset? At);

/// <summary>A command to send. Either <see cref="Script"/> lines or an SSM <see cref="Document"/> with its own parameters.</summary>
public sealed record CommandOrder
{
    /// <summary>Names this command within its bake, such as <c>step/patch/1</c>; becomes the Comment, by which it is found again. No secrets.</summary>
    public required string Key { get; init; }
    public required bool IsWindows { get; init; }

    /// <summary>The lines of AWS-RunShellScript or AWS-RunPowerShellScript, already enveloped (<see cref="StepEnvelope"/>).</summary>
    public IReadOnlyList<string> Script { get; init; } = [];
    public string? Document { get; init; }
    public IReadOnlyDictionary<string, string> DocumentParameters { get; init; } = new Dictionary<string, string>();

    /// <summary>Execution limit. Delivery has its own, set by the adapter.</summary>
    public required TimeSpan Timeout { get; init; }
}

/// <summary>SSM Run Command.</summary>
public interface ICommands
{
    /// <summary>Finds the command with this comment on this instance, else sends it. SendCommand has no token, so the guest-side lock makes a double send harmless.</summary>
    Task<SentCommand> EnsureAsync(Bake bake, InstanceId instance, CommandOrder order, CancellationToken ct);

    /// <summary>One read of states for the watcher; of a single command with its output. Commands SSM does not show yet are left out.</summary>
    Task<IReadOnlyDictionary<CommandKey, Command>> ReadAsync(IReadOnlyCollection<CommandKey> keys, CancellationToken ct);

    /// <summary>The ended command with its output (first 24,000 characters of stdout, 8,000 of stderr: SSM GetCommandInvocation), or null when SSM does not show it yet.</summary>
    Task<Command?> FindResultAsync(CommandKey key, CancellationToken ct);

    /// <summary>Every command of the bake that this instance was sent, in the order of sending, for people to look at; SSM shows 30 days.</summary>
    Task<IReadOnlyList<SentTask>> ListAsync(BakeId bake, InstanceId instance, CancellationToken ct);

    /// <summary>Best effort, as in SSM CancelCommand.</summary>
    Task RemoveAsync(CommandKey key, CancellationToken ct);
}
