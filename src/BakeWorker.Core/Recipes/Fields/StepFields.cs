using BakeWorker.Core.Binding;

namespace BakeWorker.Core.Recipes.Fields;

/// <summary>steps[]: what happens in the builder.</summary>
internal static class StepFields
{
    public static readonly Field<string> Name = Field.Required(
        "name",
        Words.StepName,
        "Unique within the recipe; appears in progress, spans and results.",
        "patch"
    );
    public static readonly Field<StepPhase> Phase = Field.Required(
        "phase",
        Words.Phase,
        "Part of the bake it belongs to; phases follow each other in the order listed.",
        "patch"
    );
    public static readonly Field<string> Uses = Field.Optional(
        "uses",
        Words.LibraryStep,
        "one of uses, run, document and component",
        "A step of the shared library recipes/steps: linux/patch is the file recipes/steps/linux/patch.sh (.ps1 on Windows).",
        "linux/patch"
    );
    public static readonly Field<string> Run = Field.Optional(
        "run",
        Words.Script,
        "one of uses, run, document and component",
        "A script of the recipe's own folder: .sh on Linux, with a #! line and LF line ends; .ps1 on Windows.",
        "steps/install.sh"
    );
    public static readonly Field<string> Document = Field.Optional(
        "document",
        Words.Document,
        "one of uses, run, document and component",
        "An SSM command document.",
        "AWS-ConfigureAWSPackage"
    );
    public static readonly Field<string> Component = Field.Optional(
        "component",
        Words.YamlPath,
        "one of uses, run, document and component",
        "An EC2 Image Builder component document of the recipe's own folder; each step of it becomes a step or a test.",
        "components/nginx.yaml"
    );
    public static readonly Field<IReadOnlyDictionary<string, Placed<string>>> With = Field.Optional(
        "with",
        new MapShape<string>(Words.DocumentParameter, Words.FreeValue, 50),
        "none",
        "Parameters of the document or component; values may hold ${parameter}.",
        "{ action: Install, name: AmazonCloudWatchAgent }"
    );
    public static readonly Field<IReadOnlyDictionary<string, Placed<string>>> Env = Field.Optional(
        "env",
        new MapShape<string>(Words.EnvironmentName, Words.FreeValue, 50),
        "none",
        "Environment of the script; values may hold ${parameter}, and $${ stands for ${ itself. No shell ever reads the values.",
        "{ APP_VERSION: '${appVersion}' }"
    );
    public static readonly Field<TimeSpan> Timeout = Field.WithDefault(
        "timeout",
        Words.StepTimeout,
        TimeSpan.FromMinutes(15),
        "How long one try may take; then its whole process group is killed. Of a component: each step of it that names no limit, 2h without it.",
        "30m"
    );
    public static readonly Field<int> Retries = Field.WithDefault(
        "retries",
        new CountShape(0, 5),
        0,
        "Further tries after a failure; the script must bear being run again.",
        "2"
    );
    public static readonly Field<RebootPolicy> Reboot = Field.WithDefault(
        "reboot",
        new ChoiceShape<RebootPolicy>(("never", RebootPolicy.Never), ("if-needed", RebootPolicy.IfNeeded), ("always", RebootPolicy.Always)),
        RebootPolicy.Never,
        "Restart after success: if-needed when the script exits 194 or 3010 or the system says so; with never such an exit fails the step.",
        "if-needed"
    );

    public static readonly SectionShape Shape = new(
        "a step",
        Name,
        Phase,
        Uses,
        Run,
        Document,
        Component,
        With,
        Env,
        Timeout,
        Retries,
        Reboot
    )
    {
        OneOf = [Uses, Run, Document, Component],
    };
}

/// <summary>tests[]: what a booted image must prove.</summary>
internal static class TestFields
{
    public static readonly Field<string> Name = Field.Required("name", Words.StepName, "Unique among the tests of the recipe.", "sshd");
    public static readonly Field<string> Uses = Field.Optional(
        "uses",
        Words.LibraryStep,
        "one of uses, run and gate",
        "A script of the shared library recipes/steps.",
        "linux/check-sshd"
    );
    public static readonly Field<string> Run = Field.Optional(
        "run",
        Words.Script,
        "one of uses, run and gate",
        "A script of the recipe's own folder.",
        "tests/sshd.sh"
    );
    public static readonly Field<Gate> Gate = Field.Optional(
        "gate",
        Words.Gate,
        "one of uses, run and gate",
        "A tool that scores the whole system, and that a step has installed. openscap takes CONTENT and PROFILE from env, goss GOSS_FILE.",
        "lynis"
    );
    public static readonly Field<int> Least = Field.Optional(
        "least",
        Words.Score,
        "the script has no score",
        "The least score of 100. A script tells its own by a line such as score=87.5 (and failed=3); one that tells none has failed.",
        "70"
    );
    public static readonly Field<IReadOnlyDictionary<string, Placed<string>>> Env = Field.Optional(
        "env",
        new MapShape<string>(Words.EnvironmentName, Words.FreeValue, 50),
        "none",
        "As in a step.",
        "{ APP_VERSION: '${appVersion}' }"
    );
    public static readonly Field<TimeSpan> Timeout = Field.WithDefault(
        "timeout",
        Words.StepTimeout,
        TimeSpan.FromMinutes(5),
        "How long the test may take.",
        "2m"
    );

    public static readonly Field<bool> Parallel = Field.WithDefault(
        "parallel",
        Words.Flag,
        false,
        "Whether it bears to run beside others: tests that follow each other and all say so start together, five at once.",
        "true"
    );

    public static readonly SectionShape Shape = new("a test", Name, Uses, Run, Gate, Least, Env, Timeout, Parallel)
    {
        OneOf = [Uses, Run, Gate],
    };
}
