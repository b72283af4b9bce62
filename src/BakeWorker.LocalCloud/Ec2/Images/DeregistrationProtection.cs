namespace BakeWorker.LocalCloud.Ec2.Images;

/// <summary>Whether an image may be deregistered. With a cooldown it stays protected for a day after the protection was lifted.</summary>
internal sealed record DeregistrationProtection(bool IsOn, bool HasCooldown, DateTimeOffset? CooldownUntil)
{
    private static readonly TimeSpan Cooldown = TimeSpan.FromHours(24);

    public static DeregistrationProtection Off { get; } = new(false, false, null);

    public DeregistrationProtection Lift(DateTimeOffset now) =>
        new(false, HasCooldown, IsOn && HasCooldown ? now + Cooldown : CooldownUntil);

    public bool Protects(DateTimeOffset now) => IsOn || CooldownUntil > now;

    public string Word(DateTimeOffset now) =>
        IsOn && HasCooldown ? "enabled-with-cooldown"
        : IsOn ? "enabled"
        : CooldownUntil > now ? "disabled-with-cooldown"
        : "disabled";
}
