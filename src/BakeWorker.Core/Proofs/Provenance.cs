using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Policies;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Proofs;

/// <summary>The SLSA v1 provenance of a bake: what it was asked for, what went in, who baked, what came out beside the image.</summary>
internal static partial class Provenance
{
    public const string BuildType = "urn:bakeworker:build:image:v1";
    public const string Withheld = "(withheld)";

    /// <summary>Version of this program.</summary>
    public static string WorkerVersion { get; } =
        typeof(Provenance).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    public static JsonObject Of(ProvenFacts facts, IEnumerable<ProofDocument> documents) =>
        new()
        {
            ["buildDefinition"] = new JsonObject
            {
                ["buildType"] = BuildType,
                ["externalParameters"] = External(facts.Bake, facts.Region),
                ["internalParameters"] = Internal(facts),
                ["resolvedDependencies"] = ProofJson.List(Materials.Of(facts)),
            },
            ["runDetails"] = new JsonObject
            {
                ["builder"] = new JsonObject
                {
                    ["id"] = facts.BuilderId,
                    ["version"] = new JsonObject { ["bakeworker"] = WorkerVersion },
                },
                ["metadata"] = new JsonObject
                {
                    ["invocationId"] = facts.Bake.Id.Value,
                    ["startedOn"] = ProofJson.Time(facts.Bake.StartedAt),
                    ["finishedOn"] = ProofJson.Time(facts.ProvenAt),
                },
                ["byproducts"] = ProofJson.List(documents.Select(Byproduct)),
            },
        };

    private static JsonObject External(Bake bake, string region)
    {
        var (recipe, request) = (bake.Recipe, bake.Request);
        var external = new JsonObject
        {
            ["recipe"] = new JsonObject { ["name"] = recipe.Name, ["digest"] = recipe.Digest },
            ["base"] = Base(recipe.Base),
            ["architecture"] = recipe.Architecture == Architecture.Arm64 ? "arm64" : "x86_64",
            ["region"] = region,
            ["parameters"] = ProofJson.Map(bake.Parameters.Select(Shown)),
            ["requestId"] = request.RequestId,
        };
        Put(external, "requestedBy", request.RequestedBy);
        Put(external, "reason", request.Reason);
        if (request.Source is { } source)
        {
            var commit = new JsonObject();
            Put(commit, "repository", source.Repository);
            Put(commit, "revision", source.Revision);
            external["source"] = commit;
        }

        return external;
    }

    private static JsonObject Base(BaseSource source)
    {
        var named = new JsonObject { ["owners"] = ProofJson.Texts(source.Owners) };
        Put(named, "parameter", source.Parameter);
        Put(named, "image", source.Image);
        Put(named, "name", source.Name);
        return named;
    }

    private static JsonObject Internal(ProvenFacts facts)
    {
        var recipe = facts.Bake.Recipe;
        var block = recipe.Scan.Block;
        return new JsonObject
        {
            ["gates"] = new JsonObject
            {
                ["scan"] = recipe.Scan.Source.ToString().ToLowerInvariant(),
                ["block"] = block.Severity.ToString().ToLowerInvariant(),
                ["fixableOnly"] = block.FixableOnly,
                ["graceDays"] = block.Grace.TotalDays,
                ["untriagedAs"] = block.Untriaged.ToString().ToLowerInvariant(),
                ["ignoreSuppressed"] = block.IgnoreSuppressed,
                ["rules"] = ProofJson.Texts(FindingPolicy.Describe(recipe.Scan, facts.Policy.Findings, facts.ProvenAt)),
            },
            ["policy"] = facts.Policy.Digest ?? "defaults",
            ["regions"] = ProofJson.Texts(recipe.Publish.Regions),
        };
    }

    private static JsonObject Byproduct(ProofDocument document) =>
        new()
        {
            ["name"] = document.Name,
            ["digest"] = new JsonObject { ["sha256"] = document.Digest },
            ["mediaType"] = document.MediaType,
            ["annotations"] = new JsonObject { ["kind"] = document.Kind },
        };

    // A secret has no business in a parameter; where somebody puts one there all the same, it goes no further.
    private static KeyValuePair<string, string> Shown(KeyValuePair<string, string> parameter) =>
        SecretName().IsMatch(parameter.Key) ? new(parameter.Key, Withheld) : parameter;

    private static void Put(JsonObject target, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            target[name] = value;
        }
    }

    [GeneratedRegex(
        "secret|passw|passphrase|token|credential|(private|access|api|license|licence)[-_.]?key",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture
    )]
    private static partial Regex SecretName();
}
