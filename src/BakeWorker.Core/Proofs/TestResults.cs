using System.Text.Json.Nodes;

namespace BakeWorker.Core.Proofs;

/// <summary>in-toto test-result v0.1: an image that is proven passed all of them.</summary>
internal static class TestResults
{
    private static readonly string[] Always = ["boots by itself", "hygiene"];

    public static JsonObject Of(ProvenFacts facts) =>
        new()
        {
            ["result"] = "PASSED",
            ["configuration"] = ProofJson.List([
                .. facts.Bake.Recipe.Tests.Select(Materials.Test),
                .. Materials.BuiltIns(facts.Bake.Recipe),
            ]),
            ["passedTests"] = ProofJson.Texts([.. Always, .. facts.Evidence.Boot.PassedTests]),
            ["warnedTests"] = new JsonArray(),
            ["failedTests"] = new JsonArray(),
        };
}
