using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Pipeline;

/// <summary>A base that was resolved and is trusted; <paramref name="Builder"/> when an earlier attempt launched from it already.</summary>
public sealed record PinnedBase(BaseImage Image, Instance? Builder);

/// <summary>The bake's one builder: running, or stopped by its own seal.</summary>
public sealed record Builder(Instance Instance, BaseImage Base);

/// <summary>A builder whose agent takes commands.</summary>
public sealed record OnlineBuilder(Builder Builder);

/// <summary>A builder on which every step succeeded.</summary>
public sealed record PreparedBuilder(Builder Builder, Inventory? Before);

/// <summary>A builder that was cleaned and passed the hygiene sweep.</summary>
public sealed record CleanBuilder(Builder Builder, Inventory? Before);

/// <summary>What an image is captured from: a sealed builder, or, after a restart, the image that was begun.</summary>
public sealed record CaptureSource(Instance? Builder, Image? Image, Inventory? Before = null);

/// <summary>An available image of this bake that nobody else can see yet.</summary>
public sealed record CapturedImage(Image Image, Inventory? Before);

/// <summary>Its available private copies, by Region.</summary>
public sealed record ImageCopies(IReadOnlyList<Image> Images);

/// <summary>An instance that was launched from the captured image.</summary>
public sealed record Tester(Instance Instance, CapturedImage Image);

/// <summary>The image booted and passed its tests.</summary>
public sealed record BootReport(IReadOnlyList<string> PassedTests, Inventory? After);

/// <summary>The scan was done, provably, and this is what it found.</summary>
public sealed record ScanReport(ScanSource Source, IReadOnlyList<Finding> Findings);

/// <summary>Everything the judge needs.</summary>
public sealed record Evidence(CapturedImage Image, BootReport Boot, ScanReport Scan)
{
    public static async Task<Evidence> Of(CapturedImage image, Task<BootReport> boot, Task<ScanReport> scan)
    {
        await Task.WhenAll(boot, scan);
        return new Evidence(image, await boot, await scan);
    }
}

/// <summary>An image whose gates are passed: in this attempt, with what was seen, or, without, in one that had proven it already.</summary>
public sealed record JudgedImage(CapturedImage Image, Evidence? Evidence, ImageCopies Copies);

/// <summary>An image that passed every gate, and whose proof is kept.</summary>
public sealed record PassedImage(CapturedImage Image, ImageCopies Copies);

/// <summary>What consumers can use now.</summary>
public sealed record PublishedImage(IReadOnlyDictionary<string, ImageId> Images, string? Pointer);
