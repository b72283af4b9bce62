namespace BakeWorker.LocalCloud.Guests.Scripted;

/// <summary>
/// What scripted guests answer. Unless a rule says otherwise everything succeeds quickly, and a command whose comment contains
/// <c>seal</c> powers its guest off a little later; one with <c>inventory</c> lists the guest's packages. Of several rules that match, the one added last wins.
/// </summary>
/// <example><c>scenario.Command("*/step/patch*").ForRole("builder").Takes(TimeSpan.FromMinutes(4)).AsksForReboot();</c></example>
public sealed class Scenario
{
    private readonly Lock _lock = new();
    private readonly List<CommandRule> _commands = [];
    private readonly List<GuestRule> _guests = [];

    /// <summary>How long a boot or reboot takes unless a rule says otherwise. Zero is synchronous.</summary>
    public TimeSpan BootDuration { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a command takes unless a rule says otherwise. Zero is synchronous.</summary>
    public TimeSpan CommandDuration { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>From the end of a seal command to the guest's power-off.</summary>
    public TimeSpan SealDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Names the marker of a script that locks itself in its guest and leaves its answer there; null for a script that does not. A second
    /// script of the same marker waits for the first, and once there is an answer, repeats it without doing anything.
    /// </summary>
    public Func<GuestScript, string?> Marker { get; set; } = _ => null;

    /// <summary>Everything takes no time at all, so that only the cloud's own delays are left.</summary>
    public static Scenario Instant() => new() { BootDuration = TimeSpan.Zero, CommandDuration = TimeSpan.Zero };

    /// <summary>A rule for commands whose comment matches the pattern (<c>*</c> and <c>?</c>).</summary>
    public CommandRule Command(string commentPattern = "*")
    {
        var rule = new CommandRule(commentPattern);
        lock (_lock)
        {
            _commands.Add(rule);
        }

        return rule;
    }

    /// <summary>A rule for guests themselves: how they boot, whether they have an agent, their console and packages.</summary>
    public GuestRule Guest()
    {
        var rule = new GuestRule();
        lock (_lock)
        {
            _guests.Add(rule);
        }

        return rule;
    }

    internal CommandRule? Find(GuestSpec guest, GuestScript script)
    {
        lock (_lock)
        {
            return _commands.FindLast(rule => rule.Takes(guest, script));
        }
    }

    /// <summary>The rules for a new guest, latest first: the first that says something about a matter decides it.</summary>
    internal IReadOnlyList<GuestRule> Find(GuestSpec guest)
    {
        lock (_lock)
        {
            return _guests.Where(rule => rule.Takes(guest)).Reverse().ToList();
        }
    }
}
