using System.Text.Json.Nodes;

namespace BakeWorker.Core.Proofs;

/// <summary>A document that a statement names, by the digest it must have.</summary>
internal sealed record NamedDocument(string Kind, string Name, string Digest);

/// <summary>Reads parts of a provenance statement.</summary>
internal static class ProofReading
{
    public static IReadOnlyList<NamedDocument> Byproducts(JsonObject statement) =>
        [
            .. (statement["predicate"]?["runDetails"]?["byproducts"] as JsonArray ?? [])
                .OfType<JsonObject>()
                .Select(one => new NamedDocument(
                    (string?)one["annotations"]?["kind"] ?? "",
                    (string?)one["name"] ?? "",
                    (string?)one["digest"]?["sha256"] ?? ""
                )),
        ];

    public static NamedDocument? FindByproduct(JsonObject statement, string kind) =>
        Byproducts(statement).FirstOrDefault(document => document.Kind == kind);

    public static string? Recipe(JsonObject statement) =>
        (string?)statement["predicate"]?["buildDefinition"]?["externalParameters"]?["recipe"]?["name"];

    public static string? RecipeDigest(JsonObject statement) =>
        (string?)statement["predicate"]?["buildDefinition"]?["externalParameters"]?["recipe"]?["digest"];

    public static string? Bake(JsonObject statement) => (string?)statement["predicate"]?["runDetails"]?["metadata"]?["invocationId"];

    public static string? Builder(JsonObject statement) => (string?)statement["predicate"]?["runDetails"]?["builder"]?["id"];

    /// <summary>ARN of the base.</summary>
    public static string? Base(JsonObject statement) =>
        (statement["predicate"]?["buildDefinition"]?["resolvedDependencies"] as JsonArray ?? [])
            .OfType<JsonObject>()
            .Where(one => (string?)one["name"] == "base")
            .Select(one => (string?)one["uri"])
            .FirstOrDefault();
}
