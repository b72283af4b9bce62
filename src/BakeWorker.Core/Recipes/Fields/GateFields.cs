using BakeWorker.Core.Binding;
using BakeWorker.Core.Cloud;

namespace BakeWorker.Core.Recipes.Fields;

/// <summary>scan: the vulnerability gate.</summary>
internal static class ScanFields
{
    public static readonly ChoiceShape<ScanSource> SourceWord = new(
        ("instance", ScanSource.Instance),
        ("image", ScanSource.Image),
        ("both", ScanSource.Both),
        ("none", ScanSource.None)
    );
    public static readonly Field<ScanSource> Source = Field.WithDefault(
        "source",
        SourceWord,
        ScanSource.Instance,
        "Inspector's findings of the boot-test instance, its on-demand scan of the image, or both; none only where the operator allows it.",
        "both"
    );
    public static readonly Field<Section> Block = Field.Optional(
        "block",
        BlockFields.Shape,
        "its fields' defaults",
        "Which findings reject the image.",
        "{ severity: high, fixableOnly: true, grace: 7d }"
    );
    public static readonly Field<string> Waivers = Field.Optional(
        "waivers",
        Words.WaiverPath,
        "none",
        "A file of accepted findings in the recipe's folder.",
        "waivers.yaml"
    );
    public static readonly Field<TimeSpan> Within = Field.WithDefault(
        "within",
        new DurationShape(TimeSpan.FromMinutes(5), TimeSpan.FromHours(24)),
        TimeSpan.FromMinutes(90),
        "How long to wait for the scan; one that does not answer rejects the image.",
        "2h"
    );

    public static readonly Field<bool> Partial = Field.WithDefault(
        "partial",
        Words.Flag,
        false,
        "Whether a scan may pass that covered the packages of the system, but not those of languages (Inspector's deep inspection).",
        "true"
    );

    public static readonly SectionShape Shape = new("a scan", Source, Block, Waivers, Within, Partial);
}

/// <summary>The waivers file: a list of accepted findings.</summary>
internal static class WaiverFields
{
    public static readonly Field<string> Vulnerability = Field.Required(
        "vulnerability",
        Words.Vulnerability,
        "Id of the finding as the scan reports it.",
        "CVE-2024-12345"
    );
    public static readonly Field<string> Package = Field.Optional(
        "package",
        Words.Package,
        "in any package",
        "Accepts it in this package only.",
        "openssl"
    );
    public static readonly Field<string> Reason = Field.Required(
        "reason",
        Words.Sentence,
        "Why the finding does no harm here.",
        "The vulnerable cipher is not built into this package"
    );
    public static readonly Field<string> ApprovedBy = Field.Required(
        "approvedBy",
        Words.Sentence,
        "The person who answers for it.",
        "a.lovelace"
    );
    public static readonly Field<DateOnly> Expires = Field.Required(
        "expires",
        Words.Date,
        "Last day (UTC) on which it holds. An expired waiver counts for nothing and is warned about.",
        "2031-12-31"
    );

    public static readonly SectionShape Shape = new("a waiver", Vulnerability, Package, Reason, ApprovedBy, Expires);
    public static readonly ListShape<Section> File = new(Shape, 0, 500);
}
