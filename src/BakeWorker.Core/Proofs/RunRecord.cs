using System.Text.Json.Nodes;

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
}
