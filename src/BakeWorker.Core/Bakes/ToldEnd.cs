using BakeWorker.Core.Cloud;

namespace BakeWorker.Core.Bakes;

/// <summary>
/// How a bake that failed for good ended, as a tag on what is about to be terminated: EC2 shows that for about an hour more, so every worker
/// can say why, not only the one that was there.
/// </summary>
public sealed record ToldEnd(Outcome Outcome, string Code, string Reason)
{
    /// <summary>EC2: a value has at most 256 characters.</summary>
    private const int Longest = 256;

    /// <summary>Such as <c>rejected findings-blocked 2 findings block the image</c>.</summary>
    public string ToTag()
    {
        var plain = new string([.. Masked.Text(Reason).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? ' ' : c)]);
        var text = $"{Outcome.ToString().ToLowerInvariant()} {Code} {plain}";
        return text.Length > Longest ? $"{text[..(Longest - 1)]}…" : text;
    }

    /// <summary>Null where no such tag is, or one that somebody else wrote.</summary>
    public static ToldEnd? Find(IReadOnlyDictionary<string, string> tags) =>
        tags.GetValueOrDefault(ResourceTags.Outcome)?.Split(' ', 3) is [var word, var code, var reason]
        && Enum.TryParse<Outcome>(word, ignoreCase: true, out var outcome)
        && Enum.IsDefined(outcome)
            ? new ToldEnd(outcome, code, reason)
            : null;
}
