using System.Text;
using BakeWorker.Core.Bakes.Fields;
using BakeWorker.Core.Binding;
using BakeWorker.Core.Policies.Fields;
using BakeWorker.Core.Recipes.Fields;

namespace BakeWorker.Core.Tests.Binding;

/// <summary>Every section of the public documents, found from their roots, and the reference that docs/ shows of them.</summary>
internal static class FieldTable
{
    public static readonly (string Path, SectionShape Shape)[] Recipe = [.. Sections("", RecipeFields.Shape)];
    public static readonly (string Path, SectionShape Shape)[] Policy = [.. Sections("", PolicyFields.Shape)];
    public static readonly (string Path, SectionShape Shape)[] Waivers = [.. Sections("[]", WaiverFields.Shape)];
    public static readonly (string Path, SectionShape Shape)[] Request = [.. Sections("", RequestFields.Shape)];
    public static readonly (string Path, SectionShape Shape)[] Result = [.. Sections("", ResultFields.Shape)];

    public static IEnumerable<(string Path, SectionShape Shape)> Sections(string path, SectionShape shape)
    {
        yield return (path, shape);
        foreach (var field in shape.Fields.Where(f => f.Shape.Inner is not null))
        {
            var suffix = field.Shape.Kind switch
            {
                "list of section" => "[]",
                "map of section" => ".NAME",
                _ => "",
            };
            foreach (var inner in Sections(path.Length == 0 ? field.Name + suffix : $"{path}.{field.Name}{suffix}", field.Shape.Inner!))
            {
                yield return inner;
            }
        }
    }

    public static string Markdown(string root, IEnumerable<(string Path, SectionShape Shape)> sections)
    {
        var page = new StringBuilder();
        foreach (var (path, shape) in sections)
        {
            page.Append($"\n### {(path.Length == 0 ? root : $"`{path}`")}\n");
            if (shape.OneOf.Count > 0)
            {
                page.Append($"Exactly one of {string.Join(", ", shape.OneOf.Select(f => $"`{f.Name}`"))}.\n");
            }

            page.Append("\n| field | type | default | meaning | example |\n| --- | --- | --- | --- | --- |\n");
            foreach (var field in shape.Fields)
            {
                var cells = new[]
                {
                    $"`{field.Name}`",
                    Type(field.Shape),
                    Default(field),
                    field.Summary,
                    $"`{field.Name}: {field.Example}`",
                };
                page.Append($"| {string.Join(" | ", cells.Select(c => c.Replace("|", "\\|")))} |\n");
            }
        }

        return page.ToString();
    }

    private static string Type(Shape shape) => shape.Range.Length == 0 ? shape.Kind : $"{shape.Kind}: {shape.Range}";

    private static string Default(Field field) =>
        field.IsRequired ? "**required**"
        : field.DefaultText is { } text
            ? text.Length == 0 ? "empty"
                : $"`{text}`"
        : field.DefaultWords!;
}
