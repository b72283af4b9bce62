using BakeWorker.Core.Binding;
using BakeWorker.Core.Recipes;
using BakeWorker.Core.Recipes.Fields;

namespace BakeWorker.Core.Components;

/// <summary>The top level of an Image Builder component document, schema version 1.0.</summary>
internal static class ComponentFields
{
    private static readonly ListShape<Node> Declared = new(new NodeShape(), 0, 100);

    public static readonly Field<string> Name = Field.Optional("name", Words.Line, "none", "Name of the document.", "web");
    public static readonly Field<string> Description = Field.Optional("description", Words.FreeValue, "none", "What it does.", "web");
    public static readonly Field<string> SchemaVersion = Field.Required(
        "schemaVersion",
        new TextShape("version", "1.0, the only version", 8, @"^1(\.0)?$") { TakesAnyScalar = true },
        "Version of the schema.",
        "1.0"
    );
    public static readonly Field<IReadOnlyList<Placed<Node>>> Parameters = Field.Optional(
        "parameters",
        Declared,
        "none",
        "Values that the recipe may give.",
        "[{ Version: { type: string } }]"
    );
    public static readonly Field<IReadOnlyList<Placed<Node>>> Constants = Field.Optional(
        "constants",
        Declared,
        "none",
        "Values that nobody gives.",
        "[{ Folder: { type: string, value: /opt } }]"
    );
    public static readonly Field<IReadOnlyList<Placed<Section>>> Phases = Field.Required(
        "phases",
        new ListShape<Section>(ComponentPhaseFields.Shape, 1, 10),
        "build, validate and test.",
        "[{ name: build, steps: [] }]"
    );

    public static readonly SectionShape Shape = new("a component", Name, Description, SchemaVersion, Parameters, Constants, Phases);
}

/// <summary>phases[]: steps that run together.</summary>
internal static class ComponentPhaseFields
{
    public static readonly Field<string> Name = Field.Required("name", Words.Sentence, "Name of the phase.", "build");
    public static readonly Field<IReadOnlyList<Placed<Section>>> Steps = Field.Required(
        "steps",
        new ListShape<Section>(ComponentStepFields.Shape, 1, 100),
        "The steps, in order.",
        "[{ name: Install, action: ExecuteBash, inputs: { commands: ['true'] } }]"
    );

    public static readonly SectionShape Shape = new("a phase", Name, Steps);
}

/// <summary>phases[].steps[]: one action.</summary>
internal static class ComponentStepFields
{
    public static readonly Field<string> Name = Field.Required("name", Words.Sentence, "Unique within its phase.", "Install");
    public static readonly Field<string> Action = Field.Required("action", Words.Sentence, "The action module.", "ExecuteBash");

    // What the longest step of a recipe may take, too.
    public static readonly Field<int> TimeoutSeconds = Field.Optional(
        "timeoutSeconds",
        new CountShape(10, 8 * 60 * 60),
        "7200",
        "How long one try may take.",
        "600"
    );
    public static readonly Field<FailurePolicy> OnFailure = Field.WithDefault(
        "onFailure",
        new ChoiceShape<FailurePolicy>(
            ("Abort", FailurePolicy.Abort),
            ("Continue", FailurePolicy.Continue),
            ("Ignore", FailurePolicy.Ignore)
        ),
        FailurePolicy.Abort,
        "What a failure means.",
        "Continue"
    );
    public static readonly Field<int> MaxAttempts = Field.WithDefault("maxAttempts", new CountShape(1, 6), 1, "Tries.", "3");
    public static readonly Field<Section> Loop = Field.Optional(
        "loop",
        ComponentLoopFields.Shape,
        "runs once",
        "Runs it for each of several values.",
        "{ forEach: [a, b] }"
    );
    public static readonly Field<Node> If = Field.Optional("if", new NodeShape(), "always", "A condition.", "{}");
    public static readonly Field<Node> Inputs = Field.Optional(
        "inputs",
        new NodeShape(),
        "none",
        "What the action module takes.",
        "{ commands: ['true'] }"
    );

    public static readonly SectionShape Shape = new("a step", Name, Action, TimeoutSeconds, OnFailure, MaxAttempts, Loop, If, Inputs);
}

/// <summary>phases[].steps[].loop: the values of its turns.</summary>
internal static class ComponentLoopFields
{
    public static readonly Field<string> Name = Field.Optional("name", Words.Sentence, "loop", "By which its values are named.", "hosts");
    public static readonly Field<Section> For = Field.Optional(
        "for",
        ComponentRangeFields.Shape,
        "one of for and forEach",
        "Numbers.",
        "{ start: 1, end: 3, updateBy: 1 }"
    );
    public static readonly Field<Node> ForEach = Field.Optional(
        "forEach",
        new NodeShape(),
        "one of for and forEach",
        "A list of texts, or one text with a delimiter.",
        "[a, b]"
    );

    public static readonly SectionShape Shape = new("a loop", Name, For, ForEach) { OneOf = [For, ForEach] };
}

/// <summary>loop.for: a sequence of numbers, both ends included.</summary>
internal static class ComponentRangeFields
{
    private static readonly CountShape Number = new(-1_000_000, 1_000_000);

    public static readonly Field<int> Start = Field.Required("start", Number, "The first.", "1");
    public static readonly Field<int> End = Field.Required("end", Number, "The last.", "3");
    public static readonly Field<int> UpdateBy = Field.Required("updateBy", Number, "From one to the next.", "1");

    public static readonly SectionShape Shape = new("a range", Start, End, UpdateBy);
}

/// <summary>loop.forEach: one text that stands for several.</summary>
internal static class ComponentListFields
{
    public static readonly Field<string> List = Field.Required("list", Words.FreeValue, "The values.", "'a,b'");
    public static readonly Field<string> Delimiter = Field.Optional(
        "delimiter",
        new TextShape("character", "one character", 1) { Forbidden = _ => false },
        "a comma",
        "What stands between them.",
        "','"
    );

    public static readonly SectionShape Shape = new("a delimited list", List, Delimiter);
}
