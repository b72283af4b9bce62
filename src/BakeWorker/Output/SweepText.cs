using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Sweeping;

namespace BakeWorker.Output;

/// <summary>What a sweep found and did: one line for each item, or one document.</summary>
public sealed class SweepText(Terminal terminal)
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public void Write(SweepReport report, bool isAll, bool isApplied)
    {
        foreach (var judged in report.Items.Where(judged => isAll || judged.IsOrphan))
        {
            var item = judged.Item;
            terminal.Output.WriteLine(
                $"{Action(judged), -7} {Kind(item), -8} {item.Id} in {item.Region} of {item.Bake}: {judged.LeftBecause ?? judged.Reason}"
            );
        }

        report.Problems.ToList().ForEach(terminal.Say);
        var (orphans, removed) = (report.Items.Count(item => item.IsOrphan), report.Items.Count(item => item.IsRemoved));
        terminal.Say(
            orphans == 0 ? $"nothing is without an owner; {Texts.Count(report.Items.Count, "thing")} of ours seen."
            : isApplied ? $"{removed} of {orphans} removed."
            : $"{Texts.Count(orphans, "thing")} without an owner; 'bakeworker sweep --apply' removes {(orphans == 1 ? "it" : "them")}."
        );
    }

    public static string ToJson(SweepReport report, bool isApplied) =>
        new JsonObject
        {
            ["applied"] = isApplied,
            ["items"] = new JsonArray([.. report.Items.Select(ToJson)]),
            ["problems"] = new JsonArray([.. report.Problems.Select(problem => (JsonNode)problem)]),
        }.ToJsonString(Readable);

    private static JsonNode ToJson(SweepJudgement judged) =>
        new JsonObject
        {
            ["kind"] = Kind(judged.Item),
            ["id"] = judged.Item.Id,
            ["region"] = judged.Item.Region,
            ["bakeId"] = judged.Item.Bake,
            ["recipe"] = judged.Item.Tags.GetValueOrDefault(ResourceTags.Recipe),
            ["role"] = judged.Item.Tags.GetValueOrDefault(ResourceTags.Role),
            ["action"] = Action(judged),
            ["reason"] = judged.LeftBecause ?? judged.Reason,
        };

    private static string Action(SweepJudgement judged) =>
        judged switch
        {
            { IsRemoved: true } => "removed",
            { LeftBecause: not null } => "left",
            { IsOrphan: true } => "remove",
            _ => "keep",
        };

    private static string Kind(SweptItem item) => item.Kind.ToString().ToLowerInvariant();
}
