using BakeWorker.Core.Binding;

namespace BakeWorker.Core.Recipes.Fields;

/// <summary>parameters.NAME: a value the requester may give.</summary>
internal static class ParameterFields
{
    public static readonly Field<string> Pattern = Field.Required(
        "pattern",
        Words.RegexText,
        "Regular expression that the whole value must match. Look-around and back-references are not available: matching takes linear time.",
        @"'\d+\.\d+\.\d+'"
    );
    public static readonly Field<string> Default = Field.Optional(
        "default",
        Words.ParameterValue,
        "the request must give a value",
        "Value when the request gives none; must match the pattern.",
        "1.0.0"
    );
    public static readonly Field<string> Description = Field.Optional(
        "description",
        Words.Line,
        "none",
        "What the requester should know.",
        "Version of the application to install"
    );

    public static readonly SectionShape Shape = new("a parameter", Pattern, Default, Description);
}
