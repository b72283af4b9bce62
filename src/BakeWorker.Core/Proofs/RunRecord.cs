using System.Globalization;
using System.Text.Json.Nodes;
using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Pipeline.Booting;

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
            ["checks"] = ProofJson.List(facts.Checks.Where(check => check.Boot == 1).Select(Check)),
        };

    /// <summary>Who listens on an instance of the image, by protocol and port; null when nobody was asked.</summary>
    public static IReadOnlyDictionary<string, string>? ReadPorts(byte[] content)
    {
        try
        {
            var check = (JsonNode.Parse(content)?["checks"] as JsonArray)
                ?.OfType<JsonObject>()
                .FirstOrDefault(check => (string?)check["name"] == "ports" && (string?)check["result"] == nameof(CheckResult.Passed));
            return check is null
                ? null
                : ((string?)check["detail"] ?? "")
                    .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    .Distinct()
                    .ToDictionary(port => port, _ => "");
        }
        catch (Exception exception) when (ProofJson.IsOfText(exception))
        {
            return null;
        }
    }

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

    private static JsonObject Check(BootCheck check) =>
        new()
        {
            ["name"] = check.Name,
            ["result"] = check.Result.ToString(),
            ["instanceType"] = check.InstanceType,
            ["detail"] = check.Detail,
        };

    private static StageRecord Stage(JsonObject stage) =>
        new(
            (string?)stage["name"] ?? "",
            (string?)stage["result"] ?? "",
            DateTimeOffset.Parse((string?)stage["startedAt"] ?? "", CultureInfo.InvariantCulture),
            (double?)stage["seconds"] ?? 0
        );
}
