namespace BakeWorker.Core.Cloud;

/// <summary>Where a pointer parameter points, and its version.</summary>
public sealed record Pointer(string Name, ImageId Image, long Version);

/// <summary>SSM parameters of data type <c>aws:ec2:image</c> that consumers resolve.</summary>
public interface IPointers
{
    Task<Pointer?> FindAsync(string name, CancellationToken ct);

    /// <summary>
    /// Writes unless it points there already, and answers the version at which it should. SSM validates the write asynchronously: what counts
    /// is a later <see cref="FindAsync"/>.
    /// </summary>
    Task<long> EnsureAsync(string name, ImageId image, CancellationToken ct);
}
