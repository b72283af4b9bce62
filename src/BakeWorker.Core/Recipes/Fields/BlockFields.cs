using BakeWorker.Core.Binding;
using BakeWorker.Core.Cloud;

namespace BakeWorker.Core.Recipes.Fields;

/// <summary>scan.block, of recipes and of the operator's policy: which findings reject the image.</summary>
internal static class BlockFields
{
    public static readonly Field<Severity> Severity = Field.WithDefault(
        "severity",
        Words.Severity,
        Cloud.Severity.High,
        "Findings of this severity and above reject.",
        "critical"
    );
    public static readonly Field<Section> Max = Field.Optional(
        "max",
        MaxFields.Shape,
        "none of severity and above, any number below",
        "How many findings of a severity an image may have, for those that are named.",
        "{ high: 2, medium: 10 }"
    );
    public static readonly Field<bool> FixableOnly = Field.WithDefault(
        "fixableOnly",
        Words.Flag,
        false,
        "Only findings that a package update would mend count.",
        "true"
    );
    public static readonly Field<TimeSpan> Grace = Field.WithDefault(
        "grace",
        new DurationShape(TimeSpan.Zero, TimeSpan.FromDays(90)),
        TimeSpan.Zero,
        "How long a fix may be out before its absence counts by severity or score. It counts from the vendor's advisory; without that there is none.",
        "7d"
    );
    public static readonly Field<Severity> Untriaged = Field.WithDefault(
        "untriaged",
        Words.Severity,
        Cloud.Severity.High,
        "How a finding counts that nobody has rated yet.",
        "medium"
    );
    public static readonly Field<bool> KnownExploit = Field.WithDefault(
        "knownExploit",
        Words.Flag,
        false,
        "Findings with a known exploit reject, whatever their severity and grace. Needs a scan of the instance.",
        "true"
    );
    public static readonly Field<double> Epss = Field.Optional(
        "epss",
        new NumberShape(1),
        "no such rule",
        "Findings that are exploited with this probability or more (FIRST's EPSS) reject, whatever their severity and grace. Needs a scan of the instance.",
        "0.5"
    );
    public static readonly Field<double> Score = Field.Optional(
        "score",
        new NumberShape(10),
        "no such rule",
        "Findings with this Inspector score or more reject.",
        "9"
    );
    public static readonly Field<bool> IgnoreSuppressed = Field.WithDefault(
        "ignoreSuppressed",
        Words.Flag,
        false,
        "Whether findings that somebody suppressed in Inspector do not count. They do by default: a filter of the account is no decision about this image.",
        "true"
    );
    public static readonly Field<bool> NotWorse = Field.WithDefault(
        "notWorse",
        Words.Flag,
        false,
        "The image must not be worse than the one now in use, which its pointer names, or else the last one released.",
        "true"
    );

    public static readonly SectionShape Shape = new(
        "a block rule",
        Severity,
        Max,
        FixableOnly,
        Grace,
        Untriaged,
        KnownExploit,
        Epss,
        Score,
        IgnoreSuppressed,
        NotWorse
    );
}

/// <summary>scan.block.max: how many findings of each severity an image may have.</summary>
internal static class MaxFields
{
    public static readonly IReadOnlyList<(Severity Severity, Field<int> Field)> All =
    [
        (Severity.Critical, Of("critical")),
        (Severity.High, Of("high")),
        (Severity.Medium, Of("medium")),
        (Severity.Low, Of("low")),
        (Severity.Informational, Of("informational")),
    ];

    public static readonly SectionShape Shape = new("a list of limits", [.. All.Select(limit => limit.Field)]);

    private static Field<int> Of(string severity) =>
        Field.Optional(severity, new CountShape(0, 100_000), "as severity says", $"At most this many {severity} findings.", "2");
}
