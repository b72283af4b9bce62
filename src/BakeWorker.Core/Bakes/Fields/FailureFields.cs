using BakeWorker.Core.Binding;
using BakeWorker.Core.Recipes.Fields;
using static BakeWorker.Core.Bakes.Fields.ResultShapes;

namespace BakeWorker.Core.Bakes.Fields;

/// <summary>failure: what failed, where, who must act, and what there is to see.</summary>
internal static class FailureFields
{
    private static readonly SectionShape Kept = Open(
        "a kept builder",
        Field.Required("instance", Text, "The instance.", "\"i-0123456789abcdef0\""),
        Field.Required("until", Instant, "When the sweep removes it.", "\"2030-01-31T07:00:00+00:00\""),
        Field.Required(
            "access",
            Text,
            "The command line that opens a shell on it.",
            "\"aws ssm start-session --region eu-central-1 --target i-0123456789abcdef0\""
        )
    );

    private static readonly SectionShape Exhibit = Open(
        "an exhibit",
        Field.Required("name", Text, "What it is.", "\"console.log\""),
        Field.Required("mediaType", Text, "text/plain or image/jpeg.", "\"text/plain\""),
        Field.Optional(
            "text",
            Text,
            "it is no text",
            "The end of it, with secrets masked; in brackets why there is none.",
            "\"reboot: Power down\""
        ),
        Field.Optional("base64", Text, "it is text, large, or in a file", "Its bytes.", "\"/9j/4AAQSkZJRg==\""),
        Field.Optional(
            "file",
            Text,
            "no folder is configured",
            "Where all of it lies on the worker.",
            "\"/var/lib/bakeworker/evidence/console.log\""
        )
    );

    public static readonly SectionShape Shape = Open(
        "a failure",
        Field.Required("code", Text, "A stable code of docs/failures.md; alert on this.", "\"step-failed\""),
        Field.Required("message", Text, "What failed, the value, and what to do next.", "\"Step install ended with exit code 3.\""),
        Field.Optional("stage", Text, "not in a stage", "Stage of the pipeline.", "\"apply-steps\""),
        Field.Optional("step", Text, "not in a step", "Step or test of the recipe.", "\"install\""),
        Field.Required("actor", Text, "Who must act, in the words of docs/failures.md.", "\"recipe author\""),
        Field.Required("retryable", Words.Flag, "Whether sending the same request again can help.", "false"),
        Field.Optional(
            "evidence",
            Text,
            "none",
            "Last lines, console output, findings: what there is to see.",
            "\"E: Unable to locate package\""
        ),
        Field.Optional(
            "exhibits",
            new ListShape<Section>(Exhibit, 0, int.MaxValue),
            "the boot test has not failed",
            "What there was to see of the instance before it was terminated: console, screenshot, failed units, logs.",
            "[{ \"name\": \"console.log\", \"mediaType\": \"text/plain\", \"text\": \"Kernel panic\" }]"
        ),
        Field.Optional(
            "kept",
            Kept,
            "nothing was kept",
            "The builder that the recipe's keep: on-failure left up.",
            "{ \"instance\": \"i-0123456789abcdef0\", \"until\": \"2030-01-31T07:00:00+00:00\", \"access\": \"aws ssm …\" }"
        )
    );
}
