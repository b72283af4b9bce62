using BakeWorker.Core.Binding;

namespace BakeWorker.Core.Recipes.Fields;

/// <summary>boot: what a booted image must do by itself.</summary>
internal static class BootFields
{
    public static readonly Field<TimeSpan> AgentWithin = Field.WithDefault(
        "agentWithin",
        new DurationShape(TimeSpan.FromMinutes(1), TimeSpan.FromHours(1)),
        TimeSpan.FromMinutes(10),
        "From launch, or restart, to an agent that answers and two status checks that pass.",
        "5m"
    );
    public static readonly Field<TimeSpan> StartupWithin = Field.Optional(
        "startupWithin",
        new DurationShape(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
        "no limit",
        "The longest the system may take from its kernel to its default target, as systemd counts it.",
        "90s"
    );
    public static readonly Field<IReadOnlyList<Placed<string>>> MayFail = Field.Optional(
        "mayFail",
        new ListShape<string>(
            new TextShape("unit", "a systemd unit such as fwupd-refresh.service", 255, @"^[A-Za-z0-9@:_.\\-]+\.[a-z]+$"),
            0,
            50
        ),
        "no unit may",
        "Units that may fail without harm.",
        "[fwupd-refresh.service]"
    );
    public static readonly Field<Section> Ports = Field.Optional(
        "ports",
        PortFields.Shape,
        "not checked",
        "Who may listen to other machines; nobody else does.",
        "{ expect: [tcp/22], allow: [udp/68] }"
    );
    public static readonly Field<IReadOnlyDictionary<string, Placed<string>>> Sysctl = Field.Optional(
        "sysctl",
        new MapShape<string>(
            new TextShape("name", "a kernel parameter such as kernel.kptr_restrict", 128, "^[a-z][A-Za-z0-9_]*([./][A-Za-z0-9_-]+)+$"),
            Value,
            200
        ),
        "none",
        "Values that the running kernel must have, read from /proc/sys.",
        "{ kernel.kptr_restrict: 2 }"
    );
    public static readonly Field<IReadOnlyDictionary<string, Placed<string>>> Sshd = Field.Optional(
        "sshd",
        new MapShape<string>(new TextShape("name", "a keyword of sshd such as permitrootlogin", 64, "^[A-Za-z]+$"), Value, 100),
        "none",
        "Effective settings that sshd must show by sshd -T.",
        "{ permitrootlogin: 'no' }"
    );
    public static readonly Field<bool> Reboot = Field.WithDefault(
        "reboot",
        Words.Flag,
        false,
        "Restarts the instance after the tests, and checks and tests it again.",
        "true"
    );
    public static readonly Field<IReadOnlyList<Placed<string>>> InstanceTypes = Field.Optional(
        "instanceTypes",
        new ListShape<string>(Words.InstanceType, 0, 10),
        "none",
        "Further instance types, one after the other: each must boot the image and pass the same checks and tests.",
        "[m5.large, m7i.large]"
    );

    public static readonly SectionShape Shape = new(
        "a boot test",
        AgentWithin,
        StartupWithin,
        MayFail,
        Ports,
        Sysctl,
        Sshd,
        Reboot,
        InstanceTypes
    );

    private static TextShape Value =>
        new("value", "one line of text without a space at its ends", 256, @"^[^\s]+( [^\s]+)*$") { TakesAnyScalar = true };
}

/// <summary>boot.ports: who may listen.</summary>
internal static class PortFields
{
    private static readonly TextShape Port = new("port", "a protocol and a port such as tcp/22", 9, "^(tcp|udp)/[1-9][0-9]{0,4}$");

    public static readonly Field<IReadOnlyList<Placed<string>>> Expect = Field.Optional(
        "expect",
        new ListShape<string>(Port, 0, 100),
        "none",
        "Ports on which somebody must listen.",
        "[tcp/22]"
    );
    public static readonly Field<IReadOnlyList<Placed<string>>> Allow = Field.Optional(
        "allow",
        new ListShape<string>(Port, 0, 100),
        "none",
        "Ports on which somebody besides may listen.",
        "[udp/68, udp/546]"
    );

    public static readonly SectionShape Shape = new("a list of ports", Expect, Allow);
}
