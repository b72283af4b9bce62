using System.IO.Enumeration;

namespace BakeWorker.LocalCloud.Guests.Scripted;

/// <summary>Which guests a rule is about, and how often it applies. Patterns take <c>*</c> and <c>?</c>.</summary>
public abstract class GuestFilter<TRule>
    where TRule : GuestFilter<TRule>
{
    private readonly List<Func<GuestSpec, bool>> _conditions = [];
    private int _remaining = int.MaxValue;

    /// <summary>Guests whose tag that ends in <c>role</c> has this value.</summary>
    public TRule ForRole(string role) =>
        Where(spec => spec.Tags.Any(tag => tag.Key.EndsWith("role", StringComparison.Ordinal) && tag.Value == role));

    public TRule ForTag(string key, string pattern) => Where(spec => spec.Tags.TryGetValue(key, out var value) && Matches(pattern, value));

    /// <summary>Guests started from this disk: a root snapshot id or <c>catalogue:NAME</c>.</summary>
    public TRule ForDisk(string pattern) => Where(spec => Matches(pattern, spec.DiskId));

    public TRule ForImage(string pattern) => Where(spec => Matches(pattern, spec.ImageId));

    public TRule ForInstance(string pattern) => Where(spec => Matches(pattern, spec.InstanceId));

    public TRule ForInstanceType(string pattern) => Where(spec => Matches(pattern, spec.InstanceType));

    /// <summary>The rule applies this many times and is then forgotten.</summary>
    public TRule Times(int count)
    {
        _remaining = count;
        return (TRule)this;
    }

    public TRule Once() => Times(1);

    protected TRule Where(Func<GuestSpec, bool> condition)
    {
        _conditions.Add(condition);
        return (TRule)this;
    }

    private protected bool Concerns(GuestSpec spec) => _remaining > 0 && _conditions.TrueForAll(condition => condition(spec));

    private protected void Count() => _remaining--;

    private protected static bool Matches(string pattern, string value) =>
        FileSystemName.MatchesSimpleExpression(pattern, value, ignoreCase: false);
}
