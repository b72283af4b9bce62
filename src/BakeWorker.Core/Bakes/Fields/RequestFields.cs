using BakeWorker.Core.Binding;
using BakeWorker.Core.Recipes.Fields;

namespace BakeWorker.Core.Bakes.Fields;

/// <summary>The fields of a bake request.</summary>
internal static class RequestFields
{
    private static readonly TextShape Printable = new(
        "text",
        "1 to 128 printable ASCII characters, without spaces at the ends",
        128,
        "^[!-~]([ -~]*[!-~])?$"
    );

    private static readonly TextShape RecipeOrEvery = new(
        "name",
        $"{Words.RecipeName.Range}; or *",
        64,
        $@"^\*$|{Words.RecipeNamePattern}"
    );

    // Judged by the recipe's pattern later, and with a code of its own.
    private static readonly TextShape Value = new("text", "text, a number, true or false", int.MaxValue)
    {
        MayBeEmpty = true,
        TakesAnyScalar = true,
        Forbidden = _ => false,
    };

    private static readonly TextShape QueueUrl = new(
        "SQS queue URL",
        "the URL of an SQS queue such as https://sqs.eu-west-1.amazonaws.com/111122223333/results",
        512,
        @"^https?://(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+)(:[0-9]{1,5})?/[0-9]{12}/[A-Za-z0-9_-]{1,80}(\.fifo)?$"
    );

    public static readonly Field<string> Recipe = Field.Required(
        "recipe",
        RecipeOrEvery,
        "Name of the recipe to bake; * makes one request for each recipe of the workers.",
        "\"debian-12-base\""
    );
    public static readonly Field<IReadOnlyDictionary<string, Placed<string>>> Labels = Field.Optional(
        "labels",
        new MapShape<string>(Words.LabelName, Words.LabelValue, 20),
        "every recipe",
        "With recipe *: only recipes that have all these labels.",
        "{ \"tier\": \"base\" }"
    );
    public static readonly Field<int> SpreadSeconds = Field.Optional(
        "spreadSeconds",
        new CountShape(0, 900),
        "900",
        "With recipe *: the requests become visible one by one within this time, so that bakes do not begin all at once. FIFO queues know no such delay.",
        "300"
    );
    public static readonly Field<string> RequestId = Field.Optional(
        "requestId",
        Printable,
        "the SQS message id",
        "The requester's own id. The same recipe with the same id is the same bake, however often it is sent.",
        "\"ci-4711\""
    );
    public static readonly Field<IReadOnlyDictionary<string, Placed<string>>> Parameters = Field.Optional(
        "parameters",
        new MapShape<string>(Words.ParameterName, Value, 50),
        "the recipe's defaults",
        "Values for the recipe's parameters; each must match the recipe's pattern for it.",
        "{ \"appVersion\": \"1.4.2\" }"
    );
    public static readonly Field<string> Reason = Field.Optional(
        "reason",
        Words.Line,
        "none",
        "Why, in free words such as ci or nightly.",
        "\"ci\""
    );
    public static readonly Field<string> RequestedBy = Field.Optional(
        "requestedBy",
        Words.Line,
        "none",
        "Who or what asks, for people who look at the bake later.",
        "\"release-pipeline\""
    );
    public static readonly Field<Section> Source = Field.Optional(
        "source",
        SourceFields.Shape,
        "none",
        "The commit that asks for the bake.",
        "{ \"repository\": \"https://git.example/images\", \"revision\": \"4f2a9c1\" }"
    );
    public static readonly Field<bool> IfChanged = Field.WithDefault(
        "ifChanged",
        Words.Flag,
        false,
        "Skip when nothing changed since the image in use; the result's comparison says what was looked at.",
        "true"
    );
    public static readonly Field<bool> DryRun = Field.WithDefault(
        "dryRun",
        Words.Flag,
        false,
        "Do everything up to the first call that changes something; the outcome is skipped.",
        "true"
    );
    public static readonly Field<string> ReplyTo = Field.Optional(
        "replyTo",
        QueueUrl,
        "only the worker's results queue",
        "A queue that gets the result besides the worker's own.",
        "\"https://sqs.eu-west-1.amazonaws.com/111122223333/results\""
    );

    public static readonly SectionShape Shape = new(
        "a request",
        Recipe,
        Labels,
        SpreadSeconds,
        RequestId,
        Parameters,
        Reason,
        RequestedBy,
        Source,
        IfChanged,
        DryRun,
        ReplyTo
    )
    {
        IsJson = true,
    };
}

/// <summary>source: the commit that asks for the bake.</summary>
internal static class SourceFields
{
    public static readonly Field<string> Repository = Field.Optional(
        "repository",
        Words.Line,
        "none",
        "URL or name of the repository.",
        "\"https://git.example/images\""
    );
    public static readonly Field<string> Revision = Field.Optional("revision", Words.Line, "none", "Commit, tag or branch.", "\"4f2a9c1\"");

    public static readonly SectionShape Shape = new("a source", Repository, Revision) { IsJson = true };
}
