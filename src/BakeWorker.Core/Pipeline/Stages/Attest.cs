using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Proofs;

namespace BakeWorker.Core.Pipeline.Stages;

/// <summary>Keeps the proof of the image and its copies, and writes its digest on each of them; on the home image last, because that one is believed.</summary>
public sealed class Attest(ICloud cloud, Proving proving) : IStage<JudgedImage, PassedImage>
{
    public string Name => "attest";

    public TimeSpan Budget(Bake bake) => TimeSpan.FromMinutes(15);

    public async Task<PassedImage> RunAsync(BakeRun run, JudgedImage judged, CancellationToken ct)
    {
        var digest = await proving.EnsureAsync(run, judged, ct);
        run.Proof = digest;
        run.Note(Name, digest);
        var copies = new List<Image>();
        foreach (var copy in judged.Copies.Images)
        {
            copies.Add(await TagAsync(copy, digest, ct));
        }

        var home = await TagAsync(judged.Image.Image, digest, ct);
        return new PassedImage(judged.Image with { Image = home }, new ImageCopies(copies));
    }

    private async Task<Image> TagAsync(Image image, string digest, CancellationToken ct)
    {
        if (image.Proof == digest)
        {
            return image;
        }

        await cloud.In(image.Region).Images.TagAsync(image.Id, new Dictionary<string, string> { [ResourceTags.Provenance] = digest }, ct);
        return image with { Tags = new Dictionary<string, string>(image.Tags) { [ResourceTags.Provenance] = digest } };
    }
}
