using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Proofs;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Skipping;

/// <summary>
/// Whether something in the image in use can be mended that could not be when it was judged. Inspector goes on looking at instances of it; what
/// consumers installed on them besides is not the image's.
/// </summary>
public sealed class FixableFindings(ICloud cloud, KeptDocuments proofs)
{
    private const int Shown = 5;

    /// <exception cref="BakeFailedException">A transient failure.</exception>
    public async Task<ComparedPart> LookAsync(Recipe recipe, Image image, CancellationToken ct)
    {
        try
        {
            return await CompareAsync(recipe, image, ct);
        }
        catch (BakeFailedException failure) when (failure.Kind is not FailureKind.Transient)
        {
            return Unknown(failure.Message);
        }
    }

    private async Task<ComparedPart> CompareAsync(Recipe recipe, Image image, CancellationToken ct)
    {
        if (recipe.Scan.Source == ScanSource.None)
        {
            return new ComparedPart(ComparedPart.Findings, PartState.NotAsked, "the recipe says scan.source none");
        }

        if (await cloud.Home.Scans.FindFixableAsync(image.Id, ct) is not { } now)
        {
            return Unknown($"instances of {image.Id} have more than {IScans.MostOfImage} findings that can be fixed");
        }

        if (now.Count == 0)
        {
            return new ComparedPart(ComparedPart.Findings, PartState.Same);
        }

        if (
            await proofs.FindAsync(recipe.Name, image.Id, ProofDocument.Scan, ct) is not { } scan
            || ScanSummary.ReadFixable(scan) is not { } before
            || await proofs.FindAsync(recipe.Name, image.Id, ProofDocument.Sbom, ct) is not { } sbom
            || Sbom.Read(sbom) is not { } packages
        )
        {
            return Unknown($"{image.Id} has no proof that tells what could be fixed when it was judged");
        }

        var own = packages.Installed.Select(package => package.Name).ToHashSet();
        var fresh = now.Where(finding => finding.Package is null || own.Contains(finding.Package))
            .Select(finding => (finding.VulnerabilityId, finding.Package))
            .Where(finding => !before.Contains(finding))
            .Distinct()
            .Select(finding => $"{finding.VulnerabilityId} in {finding.Package ?? "an unnamed package"}")
            .Order(StringComparer.Ordinal)
            .ToList();
        return fresh.Count == 0
            ? new ComparedPart(ComparedPart.Findings, PartState.Same)
            : new ComparedPart(
                ComparedPart.Findings,
                PartState.Changed,
                $"{fresh.Count} can be fixed now: {string.Join(", ", fresh.Take(Shown))}{(fresh.Count > Shown ? ", …" : "")}"
            );
    }

    private static ComparedPart Unknown(string why) => new(ComparedPart.Findings, PartState.Unknown, why);
}
