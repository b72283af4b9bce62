using System.Text.Json.Nodes;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Policies;
using Image = BakeWorker.Core.Cloud.Image;

namespace BakeWorker.Core.Proofs;

/// <summary>
/// Makes sure that the proof of an image is kept. What was seen of a bake is nowhere on AWS, so another attempt cannot write the same proof
/// again: it takes over the one that is kept. Which that is, the store decides, because it adds a statement only where there is none.
/// </summary>
public sealed class Proving(
    ICloud cloud,
    IProofStore store,
    IProofKey key,
    KeptDocuments documents,
    ProofOptions options,
    OperatorPolicy policy,
    TimeProvider time
)
{
    /// <summary>The proof's digest, as it stands in the tag.</summary>
    public async Task<string> EnsureAsync(BakeRun run, JudgedImage judged, CancellationToken ct)
    {
        var home = judged.Image.Image;
        IReadOnlyList<Image> images = [home, .. judged.Copies.Images];
        var path = ProofPlace.StatementOf(run.Bake.Recipe.Name, home.Id);
        var kept = await store.FindAsync(path, ct);
        if (kept is null && judged.Evidence is { } evidence)
        {
            kept = await KeepAsync(path, await FactsAsync(run, evidence, images, ct), ct);
        }

        var digest = kept is null ? null : $"sha256:{ProofJson.Sha256(kept)}";
        if (kept is null || (home.Proof is not null && home.Proof != digest))
        {
            throw Failures.ProofInvalid(
                $"{home.Id} carries the proof {home.Proof}, but {(kept is null ? "there is none" : "another one is kept")} at {path}; "
                    + "let all workers use one store, and send the request under another id."
            );
        }

        await CheckAsync(path, kept, images, ct);
        return digest!;
    }

    // Whoever wrote it, it must be about these very images and signed by our key before anything is published by it.
    private async Task CheckAsync(string path, byte[] kept, IReadOnlyList<Image> images, CancellationToken ct)
    {
        var payload = Dsse.Open(kept, Dsse.InToto, await key.FindPublicAsync(ct));
        if (
            payload is null
            || JsonNode.Parse(payload) is not JsonObject statement
            || !images.All(image => Statement.IsAbout(statement, image))
        )
        {
            throw Failures.ProofInvalid(
                $"The proof that is kept at {path} is not signed by this worker's key, or not about {string.Join(", ", images.Select(i => i.Id))}; "
                    + "let all workers use one key, and send the request under another id."
            );
        }
    }

    private async Task<byte[]> KeepAsync(string path, ProvenFacts facts, CancellationToken ct)
    {
        var (recipe, images) = (facts.Bake.Recipe.Name, facts.Images);
        IReadOnlyList<ProofDocument> made =
        [
            new(ProofDocument.Sbom, Sbom.MediaType, ProofJson.Write(Sbom.Of(facts))),
            new(
                ProofDocument.Changes,
                PackageChanges.MediaType,
                ProofJson.Write(PackageChanges.Of(await FindPredecessorAsync(facts, ct), new Inventory([.. facts.Packages.Installed])))
            ),
            new(
                ProofDocument.Tests,
                Dsse.InToto,
                ProofJson.Write(Statement.Of(recipe, images, Statement.TestResult, TestResults.Of(facts)))
            ),
            new(
                ProofDocument.Scan,
                Dsse.InToto,
                ProofJson.Write(Statement.Of(recipe, images, Statement.Vulnerabilities, ScanSummary.Of(facts)))
            ),
            new(ProofDocument.Run, PackageChanges.MediaType, ProofJson.Write(RunRecord.Of(facts))),
        ];
        var statement = Statement.Of(recipe, images, Statement.Provenance, Provenance.Of(facts, made));
        var envelope = await Dsse.SignAsync(Dsse.InToto, ProofJson.Write(statement), key, ct);
        foreach (var document in made)
        {
            await store.EnsureAsync(ProofPlace.Of(recipe, facts.Home.Id, document.Name), document.Content, ct);
        }

        return await store.EnsureAsync(path, envelope, ct);
    }

    private async Task<ProvenFacts> FactsAsync(BakeRun run, Evidence evidence, IReadOnlyList<Image> images, CancellationToken ct) =>
        new()
        {
            Bake = run.Bake,
            Region = cloud.Home.Name,
            BuilderId =
                options.BuilderId.Length > 0 ? options.BuilderId : $"urn:bakeworker:{await cloud.FindAccountAsync(ct)}:{cloud.Home.Name}",
            Images = images,
            Base = run.Base ?? await FindBaseAsync(run.Bake, images[0], ct),
            Evidence = evidence,
            Judgement = run.Judgement!,
            Policy = policy,
            Packages = evidence.Boot.After ?? throw Failures.ProofIncomplete(images[0].Id),
            Stages = run.Stages,
            Checks = run.Checks,
            ProvenAt = time.GetUtcNow(),
        };

    // An attempt that began with the image never pinned a base: which one it was stands on the image.
    private Task<BaseImage?> FindBaseAsync(Bake bake, Image home, CancellationToken ct) =>
        home.Tags.TryGetValue(ResourceTags.SourceImage, out var source)
            ? cloud.Home.Images.FindBaseAsync(new() { Image = source, Owners = bake.Recipe.Base.Owners }, bake.Recipe.Architecture, ct)
            : Task.FromResult<BaseImage?>(null);

    private async Task<Predecessor> FindPredecessorAsync(ProvenFacts facts, CancellationToken ct)
    {
        var recipe = facts.Bake.Recipe.Name;
        var previous = (await cloud.Home.Images.ListAsync(recipe, ct))
            .Where(image => image.IsReleased && image.Id != facts.Home.Id)
            .MaxBy(image => image.Tags[ResourceTags.ReleasedAt], StringComparer.Ordinal);
        if (previous is null)
        {
            return new Predecessor(null, null, "this is the first image of its recipe");
        }

        var packages = await documents.FindAsync(recipe, previous.Id, ProofDocument.Sbom, ct) is { } sbom ? Sbom.Read(sbom) : null;
        return new Predecessor(previous.Id, packages, packages is null ? "the previous image has no proof in this store" : null);
    }
}
