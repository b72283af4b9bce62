using System.Text.Json.Nodes;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Pipeline;
using Image = BakeWorker.Core.Cloud.Image;

namespace BakeWorker.Core.Proofs;

/// <summary>What a check of a proof that holds can say of the image.</summary>
public sealed record VerifiedImage(Image Image, string Digest, string Key, string Recipe)
{
    public required string Builder { get; init; }
    public required string Bake { get; init; }

    /// <summary>How many the bill of materials lists.</summary>
    public required int Packages { get; init; }

    /// <summary>Paths of all documents in the store.</summary>
    public required IReadOnlyList<string> Documents { get; init; }
}

/// <summary>Holds an image against its proof: tags, statement, signature, and every document, byte for byte.</summary>
public sealed class ProofCheck(ICloud cloud, IProofStore store)
{
    // What makes a published image explainable; a statement that somebody signed without them proves nothing of it.
    private static readonly string[] Needed = [ProofDocument.Sbom, ProofDocument.Tests, ProofDocument.Scan];

    /// <exception cref="BakeFailedException">The first thing that does not fit, as one sentence.</exception>
    public async Task<VerifiedImage> CheckAsync(ImageId id, string region, ProofPublicKey key, CancellationToken ct)
    {
        var image = (await cloud.In(region).Images.ReadAsync([id], ct)).GetValueOrDefault(id) ?? throw Unknown(id, region);
        var recipe = Tag(image, ResourceTags.Recipe);
        if (!image.HasPassed || !image.IsReleased)
        {
            throw Invalid(image, "is not released, or nobody says that it passed every gate");
        }

        var home = Tag(image, ResourceTags.Role) == "copy" ? image.MadeOf ?? throw Invalid(image, "is a copy of nobody knows what") : id;
        var path = ProofPlace.StatementOf(recipe, home);
        var envelope = await store.FindAsync(path, ct) ?? throw Invalid(image, $"has no proof: {path} is missing");
        var digest = Tag(image, ResourceTags.Provenance);
        if (digest != $"sha256:{ProofJson.Sha256(envelope)}")
        {
            throw Invalid(image, $"carries the proof {digest}, but {path} is sha256:{ProofJson.Sha256(envelope)}");
        }

        var payload = Dsse.Open(envelope, Dsse.InToto, key) ?? throw Invalid(image, $"has a proof that the key {key.Id} has not signed");
        try
        {
            var statement = JsonNode.Parse(payload) as JsonObject ?? throw Invalid(image, "has a signed statement that is no JSON object");
            CheckStatement(image, statement);
            return new VerifiedImage(image, digest, key.Id, recipe)
            {
                Builder = ProofReading.Builder(statement) ?? "",
                Bake = ProofReading.Bake(statement) ?? "",
                Packages = await CheckDocumentsAsync(image, recipe, home, statement, ct),
                Documents = [path, .. ProofReading.Byproducts(statement).Select(one => ProofPlace.Of(recipe, home, one.Name))],
            };
        }
        // Whoever has the key has signed it, but perhaps by another program.
        catch (Exception exception) when (ProofJson.IsOfText(exception))
        {
            throw Invalid(image, "has a signed statement that cannot be understood");
        }
    }

    private static void CheckStatement(Image image, JsonObject statement)
    {
        if ((string?)statement["_type"] != Statement.Type || (string?)statement["predicateType"] != Statement.Provenance)
        {
            throw Invalid(image, "has a signed statement that is no provenance");
        }

        if (!Statement.IsAbout(statement, image))
        {
            throw Invalid(image, $"with {string.Join(", ", image.Snapshots)} is not what its proof is about");
        }

        Same(image, ResourceTags.Recipe, ProofReading.Recipe(statement));
        Same(image, ResourceTags.RecipeDigest, ProofReading.RecipeDigest(statement));
        Same(image, ResourceTags.BakeId, ProofReading.Bake(statement));
        Same(image, ResourceTags.SourceImage, ProofReading.Base(statement)?.Split('/')[^1]);
    }

    private async Task<int> CheckDocumentsAsync(Image image, string recipe, ImageId home, JsonObject statement, CancellationToken ct)
    {
        var (packages, documents) = (0, ProofReading.Byproducts(statement));
        if (Needed.Except(documents.Select(document => document.Kind)).ToList() is { Count: > 0 } missing)
        {
            throw Invalid(image, $"has a proof that names no {string.Join(", no ", missing)}");
        }

        foreach (var document in documents)
        {
            var path = ProofPlace.Of(recipe, home, document.Name);
            var content = await store.FindAsync(path, ct) ?? throw Invalid(image, $"lacks a document of its proof: {path} is missing");
            if (ProofJson.Sha256(content) != document.Digest)
            {
                throw Invalid(image, $"has a proof that was changed: {path} is not what was signed");
            }

            packages = document.Kind == ProofDocument.Sbom ? Sbom.Read(content)?.Packages.Count ?? 0 : packages;
        }

        return packages;
    }

    private static void Same(Image image, string tag, string? proven)
    {
        if (Tag(image, tag) is var seen && seen != proven)
        {
            throw Invalid(image, $"says {tag} {seen}, but its proof says {proven ?? "nothing"}");
        }
    }

    private static string Tag(Image image, string tag) =>
        image.Tags.GetValueOrDefault(tag) ?? throw Invalid(image, $"has no proof: the tag {tag} is missing");

    private static BakeFailedException Invalid(Image image, string what) =>
        Failures.ProofInvalid($"{image.Id} in {image.Region} {what}; do not use it.");

    private static BakeFailedException Unknown(ImageId id, string region) =>
        new(
            FailureKind.Invalid,
            FailureCodes.ProofInvalid,
            $"There is no image {id} of this account in {region}; check the id and the Region (--in)."
        );
}
