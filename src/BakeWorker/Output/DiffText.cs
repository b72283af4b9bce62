using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Comparing;
using Spectre.Console;

namespace BakeWorker.Output;

/// <summary>What is different between two images: a table for each kind of thing, or one document.</summary>
public sealed class DiffText(Terminal terminal, bool isAll)
{
    private const int Shown = 30;
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public void Write(Image before, Image after, IReadOnlyList<PartDifference> differences)
    {
        terminal.Output.WriteLine($"- {Describe(before)}");
        terminal.Output.WriteLine($"+ {Describe(after)}");
        foreach (var difference in differences)
        {
            var title = $"{difference.Name}: {Sum(difference)}";
            if (difference.Count == 0)
            {
                terminal.Output.WriteLine(title);
                continue;
            }

            var rows = Rows(difference).ToList();
            var table = new Table().Border(TableBorder.None).HideHeaders().AddColumns("", "", "");
            foreach (var (sign, name, detail) in rows.Take(isAll ? int.MaxValue : Shown))
            {
                table.AddRow(new Text($"  {sign}"), new Text(Texts.Plain(name)), new Text(Texts.Plain(detail)));
            }

            terminal.Output.WriteLine(title);
            terminal.Answers.Write(table);
            if (!isAll && rows.Count > Shown)
            {
                terminal.Output.WriteLine($"  … and {rows.Count - Shown} more; --all shows them");
            }
        }
    }

    public static string ToJson(Image before, Image after, IReadOnlyList<PartDifference> differences)
    {
        var document = new JsonObject
        {
            ["before"] = new JsonObject { ["image"] = before.Id.Value, ["recipe"] = before.Tags.GetValueOrDefault(ResourceTags.Recipe) },
            ["after"] = new JsonObject { ["image"] = after.Id.Value, ["recipe"] = after.Tags.GetValueOrDefault(ResourceTags.Recipe) },
        };
        foreach (var difference in differences)
        {
            document[difference.Name] = difference.Unknown is { } why
                ? new JsonObject { ["unknown"] = why }
                : new JsonObject
                {
                    ["added"] = new JsonArray([.. difference.Added.Select(One)]),
                    ["removed"] = new JsonArray([.. difference.Removed.Select(One)]),
                    ["changed"] = new JsonArray([
                        .. difference.Changed.Select(changed =>
                            (JsonNode)
                                new JsonObject
                                {
                                    ["name"] = changed.Name,
                                    ["before"] = changed.Before,
                                    ["after"] = changed.After,
                                }
                        ),
                    ]),
                };
        }

        return document.ToJsonString(Readable);
    }

    private static JsonNode One(KeyValuePair<string, string> thing) => new JsonObject { ["name"] = thing.Key, ["value"] = thing.Value };

    private static IEnumerable<(string Sign, string Name, string Detail)> Rows(PartDifference difference) =>
        [
            .. difference.Added.Select(thing => ("+", thing.Key, thing.Value)),
            .. difference.Removed.Select(thing => ("-", thing.Key, thing.Value)),
            .. difference.Changed.Select(changed => ("~", changed.Name, $"{changed.Before} -> {changed.After}")),
        ];

    private static string Sum(PartDifference difference) =>
        difference switch
        {
            { Unknown: { } why } => $"not known, {why}",
            { Count: 0 } => "the same",
            _ => $"{difference.Added.Count} came, {difference.Removed.Count} went, {difference.Changed.Count} changed",
        };

    private static string Describe(Image image) =>
        image.Tags.TryGetValue(ResourceTags.Recipe, out var recipe)
            ? $"{image.Id} in {image.Region}, {recipe} of {image.Tags.GetValueOrDefault(ResourceTags.BakeId)}"
            : $"{image.Id} in {image.Region}, {image.Name}";
}
