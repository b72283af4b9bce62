using System.Text.Json.Nodes;
using BakeWorker.Core.Cloud;

namespace BakeWorker.Core.Proofs;

/// <summary>in-toto Statements v1 about the images of one bake.</summary>
internal static class Statement
{
    public const string Type = "https://in-toto.io/Statement/v1";
    public const string Provenance = "https://slsa.dev/provenance/v1";
    public const string TestResult = "https://in-toto.io/attestation/test-result/v0.1";
    public const string Vulnerabilities = "https://in-toto.io/attestation/vulns/v0.2";
    private const string SnapshotsNote = "snapshots";

    public static JsonObject Of(string recipe, IEnumerable<Image> images, string predicateType, JsonObject predicate) =>
        new()
        {
            ["_type"] = Type,
            ["subject"] = ProofJson.List(images.Select(image => Subject(recipe, image))),
            ["predicateType"] = predicateType,
            ["predicate"] = predicate,
        };

    /// <summary>The name of an image everywhere; AWS leaves the account's field empty.</summary>
    public static string Arn(string region, ImageId image) => $"arn:aws:ec2:{region}::image/{image}";

    /// <summary>Whether one of the subjects is this image with these snapshots.</summary>
    public static bool IsAbout(JsonObject statement, Image image) =>
        Subjects(statement)
            .Any(subject =>
                (string?)subject["digest"]?["arn"] == Arn(image.Region, image.Id)
                && Texts(subject["annotations"]?[SnapshotsNote]).SetEquals(image.Snapshots)
            );

    /// <summary>ARNs of all subjects.</summary>
    public static IReadOnlySet<string> Arns(JsonObject statement) =>
        Subjects(statement).Select(subject => (string?)subject["digest"]?["arn"] ?? "").ToHashSet();

    // A machine image has no bytes that anybody could hash; in-toto allows an id that never changes its meaning instead, and an AMI's is one.
    private static JsonObject Subject(string recipe, Image image) =>
        new()
        {
            ["name"] = recipe,
            ["uri"] = Arn(image.Region, image.Id),
            ["digest"] = new JsonObject { ["arn"] = Arn(image.Region, image.Id) },
            ["annotations"] = new JsonObject { [SnapshotsNote] = ProofJson.Texts(image.Snapshots) },
        };

    private static IEnumerable<JsonObject> Subjects(JsonObject statement) => (statement["subject"] as JsonArray ?? []).OfType<JsonObject>();

    private static HashSet<string> Texts(JsonNode? list) => (list as JsonArray ?? []).Select(text => (string?)text ?? "").ToHashSet();
}
