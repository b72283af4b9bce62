using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Proofs;

namespace BakeWorker.Core.Comparing;

/// <summary>Reads what is in an image from its proof, so that nothing has to be launched, in any Region or account.</summary>
public sealed class ImageContentsReader(ICloud cloud, KeptDocuments documents)
{
    private const string NoProof = "has no proof in this store that our key has signed";

    /// <exception cref="BakeFailedException">There is no such image.</exception>
    public async Task<ImageContents> ReadAsync(ImageId id, string region, CancellationToken ct)
    {
        var image =
            (await cloud.In(region).Images.ReadAsync([id], ct)).GetValueOrDefault(id)
            ?? throw new BakeFailedException(
                FailureKind.Invalid,
                FailureCodes.RequestInvalid,
                $"{region} shows no image {id}; check the id, the Region and the account, or --cloud."
            );
        var recipe = image.Tags.GetValueOrDefault(ResourceTags.Recipe);
        var home = image.Tags.GetValueOrDefault(ResourceTags.Role) == "copy" ? image.MadeOf ?? id : id;
        return new ImageContents(
            image,
            [
                await PartAsync(ImagePart.Packages, ProofDocument.Sbom, content => Sbom.Read(content) is { } bill ? Packages(bill) : null),
                new ImagePart(ImagePart.Files, null, $"{id} lies where its files cannot be listed"),
                await PartAsync(
                    ImagePart.Ports,
                    ProofDocument.Run,
                    RunRecord.ReadPorts,
                    "was never asked who listens (boot.ports in its recipe)"
                ),
                await PartAsync(ImagePart.Findings, ProofDocument.Scan, ScanSummary.ReadFindings),
            ]
        );

        async Task<ImagePart> PartAsync(
            string name,
            string kind,
            Func<byte[], IReadOnlyDictionary<string, string>?> read,
            string without = "has a document in its proof that this version does not understand"
        )
        {
            var content = recipe is null ? null : await documents.FindAsync(recipe, home, kind, ct);
            var things = content is null ? null : read(content);
            return new ImagePart(name, things, things is not null ? null : $"{id} {(content is null ? NoProof : without)}");
        }
    }

    /// <summary>Packages by name and architecture. Several versions of one may be installed side by side, as kernels are.</summary>
    public static IReadOnlyDictionary<string, string> Packages(Inventory inventory) =>
        inventory
            .Installed.GroupBy(package => $"{package.Name}:{package.Architecture}")
            .ToDictionary(
                group => group.Key,
                group => string.Join(", ", group.Select(package => package.Version).Order(StringComparer.Ordinal))
            );
}
