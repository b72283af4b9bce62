using BakeWorker.Core.Comparing;
using BakeWorker.LocalCloud.Guests.Sandbox;

namespace BakeWorker.Embedded;

/// <summary>What only this machine can say of its images: their files, and the packages of those without a proof.</summary>
internal static class LocalContents
{
    public static async Task<ImageContents> AddAsync(ImageContents contents, EmbeddedCloud embedded, CancellationToken ct)
    {
        var image = contents.Image;
        if (embedded.FindArchive(image) is { } archive && await DiskListing.ReadAsync(archive, ct) is { } files)
        {
            contents = contents.With(new ImagePart(ImagePart.Files, files));
        }

        return
            contents.Part(ImagePart.Packages).Things is null
            && await embedded.ReadPackagesAsync(image.Region, image.Id.Value, ct) is { } packages
            ? contents.With(new ImagePart(ImagePart.Packages, packages))
            : contents;
    }
}
