namespace BakeWorker.LocalCloud.Guests.Scripted;

/// <summary>How some scripted guests are. What a rule does not say is left to other rules and the defaults.</summary>
public sealed class GuestRule : GuestFilter<GuestRule>
{
    internal GuestRule() { }

    internal TimeSpan? BootDuration { get; private set; }
    internal string? BootFailure { get; private set; }
    internal bool IsBootHanging { get; private set; }
    internal bool? Agent { get; private set; }
    internal TimeSpan? AgentDelay { get; private set; }
    internal string? ConsoleText { get; private set; }
    internal PackageList? PackageList { get; private set; }

    public GuestRule BootTakes(TimeSpan duration)
    {
        BootDuration = duration;
        return this;
    }

    /// <summary>The boot ends in a <see cref="GuestBootException"/> with this message, which the console shows too.</summary>
    public GuestRule BootFails(string message = "Kernel panic - not syncing: VFS: Unable to mount root fs")
    {
        BootFailure = message;
        return this;
    }

    /// <summary>The boot never ends.</summary>
    public GuestRule BootHangs()
    {
        IsBootHanging = true;
        return this;
    }

    public GuestRule HasAgent(bool present = true)
    {
        Agent = present;
        return this;
    }

    /// <summary>At the first boot the agent is only there so long after it: user data has to install it.</summary>
    public GuestRule AgentComesAfter(TimeSpan delay)
    {
        AgentDelay = delay;
        return this;
    }

    /// <summary>What the console shows besides the usual.</summary>
    public GuestRule Console(string text)
    {
        ConsoleText = text;
        return this;
    }

    public GuestRule Packages(PackageList packages)
    {
        PackageList = packages;
        return this;
    }

    internal bool Takes(GuestSpec spec)
    {
        if (!Concerns(spec))
        {
            return false;
        }

        Count();
        return true;
    }
}
