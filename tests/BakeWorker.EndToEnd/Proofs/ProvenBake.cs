using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Recipes;
using BakeWorker.Testing;

namespace BakeWorker.EndToEnd.Proofs;

/// <summary>A published bake and the documents of its proof, read as anybody would who has the folder.</summary>
internal sealed class ProvenBake(Bakery bakery, Recipe recipe, BakeResult result)
{
    private const string Statement = "provenance.intoto.json";

    public BakeResult Result => result;
    public Recipe Recipe => recipe;
    public string Home => result.Images[Bakery.Region];
    public string Folder => $"{recipe.Name}/{Home}";

    /// <summary>Bytes of the envelope.</summary>
    public byte[] Envelope => bakery.Proofs.Documents[$"{Folder}/{Statement}"];

    public JsonObject Provenance => JsonNode.Parse(Convert.FromBase64String((string)JsonNode.Parse(Envelope)!["payload"]!))!.AsObject();

    public JsonNode Definition => Provenance["predicate"]!["buildDefinition"]!;
    public JsonNode Run => Provenance["predicate"]!["runDetails"]!;
    public IEnumerable<JsonNode> Byproducts => Run["byproducts"]!.AsArray()!;

    public static ProvenBake Of(Bakery bakery, Recipe? recipe = null, string requestId = "test-1")
    {
        recipe ??= bakery.Recipe();
        var result = bakery.Bake(recipe, requestId);
        result.Outcome.Should().Be(Outcome.Published, result.Failure?.Message);
        return new ProvenBake(bakery, recipe, result);
    }

    public string PathOf(string kind) => $"{Folder}/{Byproducts.Single(one => (string)one["annotations"]!["kind"]! == kind)["name"]}";

    public JsonObject Document(string kind) => JsonNode.Parse(bakery.Proofs.Documents[PathOf(kind)])!.AsObject();

    public static string Sha256(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    public static string Sha256(string text) => Sha256(Encoding.UTF8.GetBytes(text));
}
