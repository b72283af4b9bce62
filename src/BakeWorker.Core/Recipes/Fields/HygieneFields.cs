using BakeWorker.Core.Binding;

namespace BakeWorker.Core.Recipes.Fields;

/// <summary>hygiene: the built-in sweep for secrets and traces.</summary>
internal static class HygieneFields
{
    public static readonly Field<IReadOnlyList<Placed<Section>>> Allow = Field.Optional(
        "allow",
        new ListShape<Section>(AllowanceFields.Shape, 0, 100),
        "none",
        "Findings that somebody has looked at and accepts.",
        "[{ rule: key-store, path: /opt/app/public.p12, reason: Holds certificates only, approvedBy: a.lovelace, expires: 2031-12-31 }]"
    );

    public static readonly SectionShape Shape = new("a hygiene section", Allow);
}

/// <summary>hygiene.allow[]: one accepted finding.</summary>
internal static class AllowanceFields
{
    public static readonly Field<string> Rule = Field.Required(
        "rule",
        new TextShape("rule", "a rule of docs/sweep.md such as key-store", 64, "^[a-z][a-z0-9-]*$"),
        "Rule of the finding, as docs/sweep.md lists them.",
        "key-store"
    );
    public static readonly Field<string> Path = Field.Required(
        "path",
        new TextShape(
            "path pattern",
            "an absolute path with its first folder written out, with * and ? as wildcards",
            255,
            @"^(/[^*?/]+/|[A-Za-z]:\\[^*?\\]+\\|HKLM\\).+$"
        ),
        "Path of the finding. A * stands for anything, folders included.",
        "/opt/app/public.p12"
    );
    public static readonly Field<string> Reason = Field.Required(
        "reason",
        Words.Sentence,
        "Why the finding does no harm here.",
        "Holds certificates only"
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
        "Last day (UTC) on which it holds. An expired allowance counts for nothing and is warned about.",
        "2031-12-31"
    );

    public static readonly SectionShape Shape = new("an allowance", Rule, Path, Reason, ApprovedBy, Expires);
}
