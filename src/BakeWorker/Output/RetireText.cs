using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Retiring;

namespace BakeWorker.Output;

/// <summary>What retirement would do, or did: one line for each image, or one document.</summary>
public sealed class RetireText(Terminal terminal)
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public void Write(IReadOnlyList<RetireReport> reports, bool isDryRun)
    {
        foreach (var (recipe, decision) in reports.SelectMany(report => report.Decisions.Select(decision => (report.Recipe, decision))))
        {
            var image = decision.Image;
            terminal.Output.WriteLine(
                $"{Word(decision), -12} {image.Id} in {image.Region} of {recipe}: {decision.Failure ?? decision.Reason}"
            );
        }

        reports.SelectMany(report => report.Problems).ToList().ForEach(terminal.Say);
        var (all, due) = (reports.Sum(report => report.Decisions.Count), reports.Sum(report => report.Decisions.Count(IsDue)));
        terminal.Say(
            due == 0 ? $"no image is due; {Texts.Count(all, "released image")} seen."
            : isDryRun ? $"{due} of {Texts.Count(all, "released image")} would be taken a step further; nothing was changed."
            : $"{reports.Sum(report => report.Decisions.Count(decision => decision.IsDone))} of {due} due images taken a step further."
        );
    }

    public static string ToJson(IReadOnlyList<RetireReport> reports, bool isDryRun) =>
        new JsonObject
        {
            ["dryRun"] = isDryRun,
            ["images"] = new JsonArray([
                .. reports.SelectMany(report => report.Decisions.Select(decision => (JsonNode)ToJson(report.Recipe, decision))),
            ]),
            ["problems"] = new JsonArray([.. reports.SelectMany(report => report.Problems).Select(problem => (JsonNode)problem)]),
        }.ToJsonString(Readable);

    private static JsonObject ToJson(string recipe, RetireDecision decision) =>
        new JsonObject
        {
            ["recipe"] = recipe,
            ["bakeId"] = decision.Image.Tags.GetValueOrDefault(ResourceTags.BakeId),
            ["region"] = decision.Image.Region,
            ["image"] = decision.Image.Id.Value,
            ["action"] = decision.Action.ToString().ToLowerInvariant(),
            ["reason"] = decision.Reason,
            ["done"] = decision.IsDone,
            ["failure"] = decision.Failure,
        };

    private static bool IsDue(RetireDecision decision) => decision.Action != RetireAction.Keep;

    private static string Word(RetireDecision decision) =>
        decision switch
        {
            { Failure: not null } => "failed",
            { IsDone: false } => decision.Action.ToString().ToLowerInvariant(),
            { Action: RetireAction.Deprecate } => "deprecated",
            { Action: RetireAction.Disable } => "disabled",
            _ => "deregistered",
        };
}
