using BakeWorker.Core.Binding;

namespace BakeWorker.Core.Recipes.Fields;

/// <summary>The top level of recipe.yaml.</summary>
internal static class RecipeFields
{
    public static readonly Field<string> Name = Field.Required(
        "name",
        Words.RecipeName,
        "Name of the recipe and of its folder. Requests, image names and tags carry it.",
        "debian-12-base"
    );
    public static readonly Field<string> Description = Field.WithDefault(
        "description",
        Words.Line,
        "",
        "What the image is for; becomes the description of the AMI.",
        "Debian 12 with current patches and the house baseline"
    );
    public static readonly Field<string> Owner = Field.Required(
        "owner",
        Words.TagText,
        "The team that answers for the image; becomes a tag.",
        "platform-team"
    );
    public static readonly Field<Platform> Platform = Field.Required(
        "platform",
        new ChoiceShape<Platform>(("linux", Recipes.Platform.Linux), ("windows", Recipes.Platform.Windows)),
        "Operating system family: decides between .sh and .ps1 scripts.",
        "linux"
    );
    public static readonly Field<Architecture> Architecture = Field.Required(
        "architecture",
        Words.Architecture,
        "CPU architecture of the base and of every instance type.",
        "x86_64"
    );
    public static readonly Field<Section> Base = Field.Required(
        "base",
        BaseFields.Shape,
        "The image to start from, and whom it must belong to.",
        "{ parameter: /aws/service/debian/release/12/latest/amd64, owners: ['136693071363'] }"
    );
    public static readonly Field<Section> Builder = Field.Optional(
        "builder",
        BuilderFields.Shape,
        "its fields' defaults",
        "The machine that steps and boot test run on.",
        "{ instanceTypes: [t3.small, t3a.small], agent: install }"
    );
    public static readonly Field<IReadOnlyDictionary<string, Placed<Section>>> Parameters = Field.Optional(
        "parameters",
        new MapShape<Section>(Words.ParameterName, ParameterFields.Shape, 50),
        "none",
        "Values a request may give. Steps use them as ${name} in env and with.",
        "{ appVersion: { pattern: '[0-9]+[.][0-9]+', default: '1.0' } }"
    );
    public static readonly Field<IReadOnlyList<Placed<Section>>> Steps = Field.Required(
        "steps",
        new ListShape<Section>(StepFields.Shape, 1, 100),
        "What happens in the builder, in this order; phases may not go backwards.",
        "[{ name: patch, phase: patch, uses: linux/patch }]"
    );
    public static readonly Field<IReadOnlyList<Placed<Section>>> Tests = Field.Optional(
        "tests",
        new ListShape<Section>(TestFields.Shape, 0, 100),
        "none",
        "Scripts that must exit 0 on an instance booted from the captured image.",
        "[{ name: sshd, run: tests/sshd.sh }]"
    );
    public static readonly Field<Section> Boot = Field.Optional(
        "boot",
        BootFields.Shape,
        "its fields' defaults",
        "What a booted image must do by itself.",
        "{ agentWithin: 5m, startupWithin: 90s, ports: { expect: [tcp/22], allow: [udp/68] }, reboot: true }"
    );
    public static readonly Field<Section> Hygiene = Field.Optional(
        "hygiene",
        HygieneFields.Shape,
        "its fields' defaults",
        "The built-in sweep for secrets and traces, before the image is captured and on an instance of it.",
        "{ allow: [{ rule: key-store, path: /opt/app/public.p12, reason: Certificates only, approvedBy: a.lovelace, expires: 2031-12-31 }] }"
    );
    public static readonly Field<Section> Scan = Field.Optional(
        "scan",
        ScanFields.Shape,
        "its fields' defaults",
        "The vulnerability gate.",
        "{ source: instance, block: { severity: high } }"
    );
    public static readonly Field<Section> Publish = Field.Optional(
        "publish",
        PublishFields.Shape,
        "the image stays in its Region, private, without a pointer",
        "Where an image goes that passed every gate.",
        "{ pointer: /images/debian-12-base/current, regions: [eu-west-1] }"
    );
    public static readonly Field<Section> Retain = Field.Optional(
        "retain",
        RetainFields.Shape,
        "its fields' defaults",
        "Which predecessors stay.",
        "{ keep: 5, olderThan: 60d }"
    );
    public static readonly Field<Section> Schedule = Field.Optional(
        "schedule",
        ScheduleFields.Shape,
        "only on request",
        "When the recipe is rebaked without being asked.",
        "{ cron: '0 3 * * *', timezone: Europe/Berlin }"
    );
    public static readonly Field<IReadOnlyDictionary<string, Placed<string>>> Tags = Field.Optional(
        "tags",
        new MapShape<string>(Words.TagText, Words.TagValue, 30),
        "none",
        "Tags of your own on images and snapshots. The prefixes aws: and bakeworker: are reserved.",
        "{ cost-center: '4711' }"
    );

    public static readonly Field<IReadOnlyDictionary<string, Placed<string>>> Labels = Field.Optional(
        "labels",
        new MapShape<string>(Words.LabelName, Words.LabelValue, 20),
        "none",
        "Words by which a request for many recipes selects some. They change no image.",
        "{ tier: base }"
    );

    public static readonly SectionShape Shape = new(
        "a recipe",
        Name,
        Description,
        Owner,
        Platform,
        Architecture,
        Base,
        Builder,
        Parameters,
        Steps,
        Tests,
        Boot,
        Hygiene,
        Scan,
        Publish,
        Retain,
        Schedule,
        Labels,
        Tags
    );
}
