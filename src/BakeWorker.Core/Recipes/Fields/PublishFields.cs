using BakeWorker.Core.Binding;

namespace BakeWorker.Core.Recipes.Fields;

/// <summary>publish: where a good image goes.</summary>
internal static class PublishFields
{
    public static readonly Field<string> Pointer = Field.Optional(
        "pointer",
        Words.ParameterPath,
        "none",
        "SSM parameter of data type aws:ec2:image that consumers resolve; written in every Region of the bake, after every gate.",
        "/images/debian-12-base/current"
    );
    public static readonly Field<IReadOnlyList<Placed<string>>> Regions = Field.Optional(
        "regions",
        new ListShape<string>(Words.Region, 0, 40),
        "none",
        "Further Regions that get a copy.",
        "[eu-west-1, us-east-1]"
    );
    public static readonly Field<Section> Share = Field.Optional(
        "share",
        ShareFields.Shape,
        "private",
        "Who besides the owner may launch the image.",
        "{ accounts: ['111122223333'] }"
    );
    public static readonly Field<IReadOnlyDictionary<string, Placed<string>>> KmsKeys = Field.Optional(
        "kmsKeys",
        new MapShape<string>(Words.Region, Words.KmsKey, 40),
        "each Region's default key",
        "Key of the copy in a Region.",
        "{ eu-west-1: alias/images }"
    );
    public static readonly Field<TimeSpan> DeprecateAfter = Field.Optional(
        "deprecateAfter",
        new DurationShape(TimeSpan.FromDays(1), TimeSpan.FromDays(3650)),
        "never",
        "Age at which EC2 marks the image as deprecated.",
        "90d"
    );

    public static readonly Field<bool> ImdsV2 = Field.WithDefault(
        "imdsv2",
        Words.Flag,
        true,
        "Instances of the image refuse IMDSv1 unless they are launched otherwise. EC2 cannot take this back.",
        "false"
    );

    public static readonly Field<string> LaunchTemplate = Field.Optional(
        "launchTemplate",
        Words.LaunchTemplate,
        "none",
        "Launch template, of this name in every Region of the bake, that gets a version with the image, as its default.",
        "web-fleet"
    );

    public static readonly SectionShape Shape = new(
        "a publish section",
        Pointer,
        Regions,
        Share,
        KmsKeys,
        LaunchTemplate,
        DeprecateAfter,
        ImdsV2
    );
}

/// <summary>publish.share: launch permissions.</summary>
internal static class ShareFields
{
    public static readonly Field<IReadOnlyList<Placed<string>>> Accounts = Field.Optional(
        "accounts",
        new ListShape<string>(Words.Account, 0, 200),
        "none",
        "Account ids.",
        "['111122223333']"
    );
    public static readonly Field<IReadOnlyList<Placed<string>>> Organizations = Field.Optional(
        "organizations",
        new ListShape<string>(Words.Organization, 0, 20),
        "none",
        "ARNs of whole organizations.",
        "['arn:aws:organizations::111122223333:organization/o-abcdefghij']"
    );
    public static readonly Field<IReadOnlyList<Placed<string>>> OrganizationalUnits = Field.Optional(
        "organizationalUnits",
        new ListShape<string>(Words.OrganizationalUnit, 0, 100),
        "none",
        "ARNs of organizational units.",
        "['arn:aws:organizations::111122223333:ou/o-abcdefghij/ou-ab12-cdefghij']"
    );

    public static readonly Field<bool> Public = Field.WithDefault(
        "public",
        Words.Flag,
        false,
        "Everybody. Only where the operator's policy and the account's block of public access let it, and only for an image that is not encrypted.",
        "true"
    );
    public static readonly Field<bool> Snapshots = Field.WithDefault(
        "snapshots",
        Words.Flag,
        false,
        "Gives the accounts the snapshots, too, so that they can copy the image. EC2 gives none to organizations.",
        "true"
    );

    public static readonly SectionShape Shape = new("a share section", Accounts, Organizations, OrganizationalUnits, Public, Snapshots);
}

/// <summary>retain: which predecessors stay.</summary>
internal static class RetainFields
{
    public static readonly Field<int> Keep = Field.WithDefault("keep", new CountShape(1, 1000), 5, "The newest images always stay.", "5");
    public static readonly Field<TimeSpan> OlderThan = Field.WithDefault(
        "olderThan",
        new DurationShape(TimeSpan.Zero, TimeSpan.FromDays(3650)),
        TimeSpan.FromDays(30),
        "Younger images stay, however many there are.",
        "60d"
    );

    public static readonly Field<TimeSpan> UnusedFor = Field.WithDefault(
        "unusedFor",
        new DurationShape(TimeSpan.FromDays(2), TimeSpan.FromDays(3650)),
        TimeSpan.FromDays(30),
        "Images that anybody launched within this time stay. EC2 tells a launch a day late.",
        "90d"
    );
    public static readonly Field<TimeSpan> Pause = Field.WithDefault(
        "pause",
        new DurationShape(TimeSpan.Zero, TimeSpan.FromDays(365)),
        TimeSpan.FromDays(7),
        "Time from deprecated to disabled, and from disabled to deregistered: in which somebody may object.",
        "14d"
    );

    public static readonly SectionShape Shape = new("a retain section", Keep, OlderThan, UnusedFor, Pause);
}

/// <summary>schedule: when the recipe is rebaked without being asked.</summary>
internal static class ScheduleFields
{
    public static readonly Field<string> Cron = Field.Required(
        "cron",
        Words.Cron,
        "Five cron fields: minute, hour, day, month, weekday.",
        "'0 3 * * *'"
    );
    public static readonly Field<string> TimeZone = Field.WithDefault(
        "timezone",
        Words.TimeZone,
        "UTC",
        "IANA name of the zone the cron fields speak of.",
        "Europe/Berlin"
    );
    public static readonly Field<bool> SkipIfUnchanged = Field.WithDefault(
        "skipIfUnchanged",
        Words.Flag,
        true,
        "Skip when nothing changed since the image in use: base, recipe, parameters, findings that can be fixed, pending updates.",
        "false"
    );
    public static readonly Field<bool> OnBaseChange = Field.WithDefault(
        "onBaseChange",
        Words.Flag,
        true,
        "Bake within the hour when the base resolves to another image than the one that the image in use was made of.",
        "false"
    );
    public static readonly Field<TimeSpan> MaxAge = Field.WithDefault(
        "maxAge",
        new DurationShape(TimeSpan.FromDays(1), TimeSpan.FromDays(3650)),
        ScheduleSpec.UsualMaxAge,
        "An image that was released that long ago is never skipped. Counts for every request with ifChanged.",
        "14d"
    );

    public static readonly SectionShape Shape = new("a schedule", Cron, TimeZone, SkipIfUnchanged, OnBaseChange, MaxAge);
}
