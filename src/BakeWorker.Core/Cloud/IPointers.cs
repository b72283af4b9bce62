namespace BakeWorker.Core.Cloud;

/// <summary>Where a pointer parameter points, and its version.</summary>
public sealed record Pointer(string Name, ImageId Image, long Version)
{
    /// <summary>SSM's words for what the parameter is, such as <c>String of data type aws:ec2:image</c>.</summary>
    public string Kind { get; init; } = ImageKind;

    /// <summary>EC2 checks what is written, and launches resolve it.</summary>
    public bool IsOfImages => Kind == ImageKind;

    public const string ImageKind = "String of data type aws:ec2:image";
}

/// <summary>What a pointer named once. Consumers may name a version by number or by label.</summary>
public sealed record PointerVersion(long Version, ImageId Image, IReadOnlyList<string> Labels);

/// <summary>SSM parameters of data type <c>aws:ec2:image</c> that consumers resolve.</summary>
public interface IPointers
{
    /// <summary>Versions SSM keeps of a parameter; then the oldest goes, unless it has a label, which makes the write fail.</summary>
    const int KeptVersions = 100;

    Task<Pointer?> FindAsync(string name, CancellationToken ct);

    /// <summary>Every version that SSM still has, newest first; empty when there is no such parameter.</summary>
    Task<IReadOnlyList<PointerVersion>> ListVersionsAsync(string name, CancellationToken ct);

    /// <summary>
    /// Writes unless it points there already, and answers the version at which it should. SSM validates the write asynchronously: what counts
    /// is a later <see cref="FindAsync"/>. <paramref name="why"/> stays in the parameter's history.
    /// </summary>
    Task<long> EnsureAsync(string name, ImageId image, string why, CancellationToken ct);

    /// <summary>Deletes the parameter; succeeds when it is gone.</summary>
    Task RemoveAsync(string name, CancellationToken ct);
}
