using BakeWorker.Core.Binding;
using BakeWorker.Core.Recipes;
using BakeWorker.Core.Recipes.Fields;

namespace BakeWorker.Core.Policies.Fields;

/// <summary>The policy file: its own fields.</summary>
internal static class PolicyFields
{
    public static readonly Field<Section> Base = Field.Optional(
        "base",
        BasePolicyFields.Shape,
        "its fields' defaults",
        "Which images recipes may start from.",
        "{ owners: [amazon, self, '136693071363'], maxAge: 180d }"
    );
    public static readonly Field<IReadOnlyList<Placed<string>>> Regions = Field.Optional(
        "regions",
        new ListShape<string>(Words.Region, 1, 40),
        "any",
        "Regions in which images may be built and published.",
        "[eu-central-1, eu-west-1]"
    );
    public static readonly Field<Section> Share = Field.Optional(
        "share",
        SharePolicyFields.Shape,
        "nobody",
        "Whom images may be shared with.",
        "{ accounts: ['111122223333'] }"
    );
    public static readonly Field<Section> Require = Field.Optional(
        "require",
        RequirePolicyFields.Shape,
        "its fields' defaults",
        "What every recipe must do and have.",
        "{ phases: [patch, harden, cleanup], tests: [hardening], tags: [cost-center] }"
    );
    public static readonly Field<Section> Scan = Field.Optional(
        "scan",
        ScanPolicyFields.Shape,
        "its fields' defaults",
        "What the scan of every image must show, besides what its recipe asks.",
        "{ block: { severity: critical, fixableOnly: true } }"
    );

    public static readonly SectionShape Shape = new("a policy", Base, Regions, Share, Require, Scan);
}

/// <summary>base: which images recipes may start from.</summary>
internal static class BasePolicyFields
{
    public static readonly Field<IReadOnlyList<Placed<string>>> Owners = Field.Optional(
        "owners",
        new ListShape<string>(Words.Owner, 1, 100),
        string.Join(", ", BasePolicy.WellKnownOwners),
        "Who may own a base. Recipes list owners from here, and a base needs one of those. The default's accounts are Amazon's (Linux, Windows), Debian's, Canonical's and Red Hat's.",
        "[amazon, self, '136693071363']"
    );
    public static readonly Field<TimeSpan> MaxAge = Field.Optional(
        "maxAge",
        new DurationShape(TimeSpan.FromDays(1), TimeSpan.FromDays(3650)),
        "no limit",
        "Refuses a base that is older, whatever the recipe allows.",
        "180d"
    );

    public static readonly SectionShape Shape = new("a base policy", Owners, MaxAge);
}

/// <summary>share: whom images may be shared with.</summary>
internal static class SharePolicyFields
{
    public static readonly Field<IReadOnlyList<Placed<string>>> Accounts = Field.Optional(
        "accounts",
        new ListShape<string>(Words.Account, 0, 1000),
        "none",
        "Account ids.",
        "['111122223333']"
    );
    public static readonly Field<IReadOnlyList<Placed<string>>> Organizations = Field.Optional(
        "organizations",
        new ListShape<string>(Words.Organization, 0, 20),
        "none",
        "ARNs of organizations, each with all its units.",
        "['arn:aws:organizations::111122223333:organization/o-abcdefghij']"
    );
    public static readonly Field<IReadOnlyList<Placed<string>>> OrganizationalUnits = Field.Optional(
        "organizationalUnits",
        new ListShape<string>(Words.OrganizationalUnit, 0, 1000),
        "none",
        "ARNs of organizational units.",
        "['arn:aws:organizations::111122223333:ou/o-abcdefghij/ou-ab12-cdefghij']"
    );
    public static readonly Field<bool> Public = Field.WithDefault(
        "public",
        Words.Flag,
        false,
        "Whether a recipe may let everybody launch its image.",
        "true"
    );

    public static readonly SectionShape Shape = new("a share policy", Accounts, Organizations, OrganizationalUnits, Public);
}

/// <summary>require: what every recipe must do and have.</summary>
internal static class RequirePolicyFields
{
    public static readonly Field<IReadOnlyList<Placed<StepPhase>>> Phases = Field.Optional(
        "phases",
        new ListShape<StepPhase>(Words.Phase, 0, 4),
        "patch, cleanup",
        "Phases of which every recipe must have a step.",
        "[patch, harden, cleanup]"
    );
    public static readonly Field<IReadOnlyList<Placed<string>>> Tests = Field.Optional(
        "tests",
        new ListShape<string>(Words.StepName, 0, 100),
        "none",
        "Tests that every recipe must have, by name.",
        "[hardening, clean]"
    );
    public static readonly Field<IReadOnlyDictionary<string, Placed<int>>> Gates = Field.Optional(
        "gates",
        new MapShape<int>(new TextShape("gate", "lynis, openscap or goss", 16, "^(lynis|openscap|goss)$"), Words.Score, 3),
        "none",
        "Gates that every recipe must have among its tests, with the least score it must ask for.",
        "{ lynis: 65 }"
    );
    public static readonly Field<IReadOnlyList<Placed<string>>> Tags = Field.Optional(
        "tags",
        new ListShape<string>(Words.TagText, 0, 30),
        "none",
        "Tags that every recipe must give its images, by name.",
        "[cost-center]"
    );
    public static readonly Field<bool> Encryption = Field.WithDefault(
        "encryption",
        Words.Flag,
        true,
        "Whether every image must be encrypted.",
        "false"
    );
    public static readonly Field<bool> ImdsV2 = Field.WithDefault(
        "imdsv2",
        Words.Flag,
        true,
        "Whether instances of every image must refuse IMDSv1 unless they are launched otherwise.",
        "false"
    );

    public static readonly SectionShape Shape = new("a list of requirements", Phases, Tests, Gates, Tags, Encryption, ImdsV2);
}

/// <summary>scan: what the scan of every image must show.</summary>
internal static class ScanPolicyFields
{
    public static readonly Field<IReadOnlyList<Placed<ScanSource>>> Sources = Field.Optional(
        "sources",
        new ListShape<ScanSource>(ScanFields.SourceWord, 1, 4),
        "instance, image, both",
        "What recipes may write as scan.source. Nothing unscanned is published unless none stands here.",
        "[both]"
    );
    public static readonly Field<Section> Block = Field.Optional(
        "block",
        BlockFields.Shape,
        "no rule besides the recipe's",
        "Which findings reject every image; the recipe's own rule holds as well.",
        "{ severity: critical, fixableOnly: true }"
    );
    public static readonly Field<TimeSpan> LongestWaiver = Field.Optional(
        "longestWaiver",
        new DurationShape(TimeSpan.FromDays(1), TimeSpan.FromDays(3650)),
        "no limit",
        "How far from now a waiver may end.",
        "180d"
    );

    public static readonly SectionShape Shape = new("a scan policy", Sources, Block, LongestWaiver);
}
