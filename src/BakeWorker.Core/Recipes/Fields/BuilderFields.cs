using BakeWorker.Core.Binding;

namespace BakeWorker.Core.Recipes.Fields;

/// <summary>builder: the capacity ladder and the shape of builder and tester.</summary>
internal static class BuilderFields
{
    public static readonly Field<IReadOnlyList<Placed<string>>> InstanceTypes = Field.Optional(
        "instanceTypes",
        new ListShape<string>(Words.InstanceType, 1, 20),
        "t3.small, t3a.small; arm64: t4g.small, m6g.medium; windows: t3.large, t3a.large",
        "Tried in this order until one has capacity.",
        "[t3.small, t3a.small]"
    );
    public static readonly Field<Market> Market = Field.WithDefault(
        "market",
        new ChoiceShape<Market>(
            ("on-demand", Recipes.Market.OnDemand),
            ("spot", Recipes.Market.Spot),
            ("spot-then-on-demand", Recipes.Market.SpotThenOnDemand)
        ),
        Recipes.Market.OnDemand,
        "How capacity is bought. An interrupted spot builder starts the bake again.",
        "spot-then-on-demand"
    );
    public static readonly Field<IReadOnlyList<Placed<string>>> Subnets = Field.Optional(
        "subnets",
        new ListShape<string>(Words.Subnet, 1, 20),
        "those of the worker's settings",
        "Subnets of the builder.",
        "[subnet-0123456789abcdef0]"
    );
    public static readonly Field<Section> RootVolume = Field.Optional(
        "rootVolume",
        RootVolumeFields.Shape,
        "its fields' defaults",
        "The root volume of builder and image.",
        "{ size: 10GiB, encrypted: true }"
    );
    public static readonly Field<AgentSource> Agent = Field.WithDefault(
        "agent",
        new ChoiceShape<AgentSource>(("present", AgentSource.Present), ("install", AgentSource.Install)),
        AgentSource.Present,
        "Whether the base brings the SSM agent or user data installs it at first boot (Debian, RHEL, minimal Amazon Linux).",
        "install"
    );
    public static readonly Field<KeepPolicy> Keep = Field.WithDefault(
        "keep",
        new ChoiceShape<KeepPolicy>(("never", KeepPolicy.Never), ("on-failure", KeepPolicy.OnFailure)),
        KeepPolicy.Never,
        "Whether the builder of a failed bake stays up, for people to look at.",
        "on-failure"
    );
    public static readonly Field<TimeSpan> KeepFor = Field.WithDefault(
        "keepFor",
        new DurationShape(TimeSpan.FromMinutes(10), TimeSpan.FromDays(7)),
        TimeSpan.FromHours(4),
        "How long it stays; then the sweep removes it.",
        "8h"
    );

    public static readonly SectionShape Shape = new("a builder", InstanceTypes, Market, Subnets, RootVolume, Agent, Keep, KeepFor);
}

/// <summary>builder.rootVolume.</summary>
internal static class RootVolumeFields
{
    public static readonly Field<int> Size = Field.Optional(
        "size",
        new SizeShape(1, 16384),
        "that of the base",
        "Size of the volume.",
        "10GiB"
    );
    public static readonly Field<bool> Encrypted = Field.WithDefault(
        "encrypted",
        Words.Flag,
        true,
        "Whether the volume, and so the image, is encrypted.",
        "true"
    );
    public static readonly Field<string> KmsKey = Field.Optional(
        "kmsKey",
        Words.KmsKey,
        "the account's default key",
        "Key of the volume. An image under the default key cannot be shared.",
        "alias/images"
    );

    public static readonly SectionShape Shape = new("a root volume", Size, Encrypted, KmsKey);
}
