using System.Globalization;
using System.Text.Json.Nodes;
using BakeWorker.Core.Pipeline;

namespace BakeWorker.Core.Proofs;

/// <summary>How the last attempt of the bake went: its stages up to the proof, with their times.</summary>
internal static class RunRecord
{
    public static JsonObject Of(ProvenFacts facts) =>
        new()
        {
            ["bakeId"] = facts.Bake.Id.Value,
            ["worker"] = facts.Bake.Worker,
            ["attempt"] = facts.Bake.Attempt,
            ["stages"] = ProofJson.List(
                facts.Stages.Select(stage => new JsonObject
                {
                    ["name"] = stage.Name,
                    ["result"] = stage.Result,
                    ["startedAt"] = ProofJson.Time(stage.StartedAt),
                    ["seconds"] = Math.Round(stage.Seconds, 3),
                })
            ),
        };

    /// <summary>The stages in such a record; null when it is none.</summary>
    public static IReadOnlyList<StageRecord>? Read(byte[] content)
    {
        try
        {
            return JsonNode.Parse(content)?["stages"] is JsonArray stages ? [.. stages.OfType<JsonObject>().Select(Stage)] : null;
        }
        catch (Exception exception) when (exception is FormatException || ProofJson.IsOfText(exception))
        {
            return null;
        }
    }

    private static StageRecord Stage(JsonObject stage) =>
        new(
            (string?)stage["name"] ?? "",
            (string?)stage["result"] ?? "",
            DateTimeOffset.Parse((string?)stage["startedAt"] ?? "", CultureInfo.InvariantCulture),
            (double?)stage["seconds"] ?? 0
        );
}
