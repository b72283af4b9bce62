using BakeWorker.Core.Binding;
using static BakeWorker.Core.Bakes.Fields.ResultShapes;

namespace BakeWorker.Core.Bakes.Fields;

/// <summary>comparison: why it was baked, or skipped.</summary>
internal static class ComparisonFields
{
    private static readonly SectionShape Part = Open(
        "a part",
        Field.Required("part", Text, "image, base, recipe, parameters, age, findings or updates.", "\"updates\""),
        Field.Required(
            "result",
            Text,
            "same, changed, unknown (it could not be compared, so it was baked), or not-asked (another part had changed already).",
            "\"changed\""
        ),
        Field.Optional("detail", Text, "none", "What was seen.", "\"1 package: openssl 3.0.14 -> 3.0.15\"")
    );

    public static readonly SectionShape Shape = Open(
        "a comparison",
        Field.Optional("image", Text, "no image is in use", "The image in use.", "\"ami-0123456789abcdef0\""),
        Field.Required("text", Text, "Why it was baked, or skipped, in one sentence.", "\"nothing changed since ami-0123456789abcdef0\""),
        Field.Required(
            "parts",
            new ListShape<Section>(Part, 0, int.MaxValue),
            "What was compared; empty where an earlier attempt did.",
            "[{ \"part\": \"base\", \"result\": \"same\" }]"
        )
    );
}
