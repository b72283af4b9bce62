namespace BakeWorker.LocalCloud.Guests.Scripted;

/// <summary>What a scripted guest does with some commands. Later calls on the rule overwrite earlier ones.</summary>
public sealed class CommandRule : GuestFilter<CommandRule>
{
    private readonly string _commentPattern;
    private readonly HashSet<(string Instance, string Command, int Round)> _rebooted = [];
    private string? _scriptText;
    private int _reboots;

    internal CommandRule(string commentPattern) => _commentPattern = commentPattern;

    internal TimeSpan? Duration { get; private set; }
    internal int ExitCode { get; private set; }
    internal string Output { get; private set; } = "";
    internal string ErrorOutput { get; private set; } = "";
    internal bool IsHanging { get; private set; }
    internal bool IsLosingAgent { get; private set; }
    internal bool IsStayingOn { get; private set; }
    internal TimeSpan? PowerOffDelay { get; private set; }
    internal Func<GuestScript, GuestExit>? Answer { get; private set; }
    internal IReadOnlyList<Package> Installed { get; private set; } = [];

    /// <summary>Only scripts that contain this text (as the agent got them, so usually encoded).</summary>
    public CommandRule WithScript(string text) => Set(() => _scriptText = text);

    public CommandRule Takes(TimeSpan duration) => Set(() => Duration = duration);

    public CommandRule Prints(string output) => Set(() => Output = output);

    public CommandRule PrintsError(string output) => Set(() => ErrorOutput = output);

    public CommandRule Fails(int exitCode = 1, string errorOutput = "") =>
        Set(() => (ExitCode, ErrorOutput) = (exitCode, errorOutput.Length > 0 ? errorOutput : ErrorOutput));

    /// <summary>Computes the answer from the script; duration, hanging and the like still count.</summary>
    public CommandRule Answers(Func<GuestScript, GuestExit> answer) => Set(() => Answer = answer);

    /// <summary>Exits with 194 (3010 under PowerShell) the first times it runs, then as the rule says otherwise.</summary>
    public CommandRule AsksForReboot(int times = 1) => Set(() => _reboots = times);

    /// <summary>Runs until its timeout, a cancellation or the end of the guest.</summary>
    public CommandRule Hangs() => Set(() => IsHanging = true);

    /// <summary>The guest powers itself off this long after the command ended.</summary>
    public CommandRule PowersOff(TimeSpan after) => Set(() => PowerOffDelay = after);

    /// <summary>Not even a seal command powers the guest off.</summary>
    public CommandRule StaysOn() => Set(() => IsStayingOn = true);

    /// <summary>The agent dies under the command and does not come back before a reboot.</summary>
    public CommandRule LosesAgent() => Set(() => IsLosingAgent = true);

    /// <summary>After success the guest has these packages, in place of those of the same name.</summary>
    public CommandRule Installs(params Package[] packages) => Set(() => Installed = packages);

    internal bool Takes(GuestSpec guest, GuestScript script)
    {
        if (!Concerns(guest) || !Matches(_commentPattern, script.Comment))
        {
            return false;
        }

        if (_scriptText is not null && !script.Text.Contains(_scriptText, StringComparison.Ordinal))
        {
            return false;
        }

        Count();
        return true;
    }

    /// <summary>Whether this run of the command asks for one more reboot.</summary>
    internal bool TakeReboot(string instanceId, string commandId)
    {
        lock (_rebooted)
        {
            var round = _rebooted.Count(seen => seen.Instance == instanceId && seen.Command == commandId);
            return round < _reboots && _rebooted.Add((instanceId, commandId, round));
        }
    }

    private CommandRule Set(Action change)
    {
        change();
        return this;
    }
}
