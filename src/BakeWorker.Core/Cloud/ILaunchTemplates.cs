namespace BakeWorker.Core.Cloud;

/// <summary>A launch template: what launches take that name no version, and its newest version.</summary>
public sealed record LaunchTemplate(string Name, string Id, long DefaultVersion, long LatestVersion);

/// <summary>One version of a launch template. <paramref name="Description"/> is ours to write.</summary>
public sealed record TemplateVersion(long Number, ImageId? Image, string Description);

/// <summary>EC2 launch templates of one Region, by name.</summary>
public interface ILaunchTemplates
{
    /// <summary>Versions of one template that EC2 allows.</summary>
    const int MostVersions = 10_000;

    Task<LaunchTemplate?> FindAsync(string name, CancellationToken ct);

    /// <summary>One version by its number; null when it is not there.</summary>
    Task<TemplateVersion?> FindVersionAsync(string name, long number, CancellationToken ct);

    /// <summary>The newest version that launches this image; null when none does.</summary>
    Task<TemplateVersion?> FindVersionAsync(string name, ImageId image, CancellationToken ct);

    /// <summary>Every version that launches this image.</summary>
    Task<IReadOnlyList<TemplateVersion>> ListVersionsAsync(string name, ImageId image, CancellationToken ct);

    /// <summary>
    /// Finds, else adds a version that is its source version with another image. The token makes it the same version.
    /// </summary>
    Task<TemplateVersion> EnsureVersionAsync(TemplateOrder order, CancellationToken ct);

    /// <summary>Makes a version the default; answers the default that EC2 shows then.</summary>
    Task<long> EnsureDefaultAsync(string name, long version, CancellationToken ct);

    /// <summary>Deletes a version that is not the default; succeeds when it is gone.</summary>
    Task RemoveVersionAsync(string name, long version, CancellationToken ct);
}

/// <summary>A version to add to a launch template.</summary>
public sealed record TemplateOrder(string Name, ImageId Image)
{
    /// <summary>Number of the version whose other values are kept.</summary>
    public required long Source { get; init; }

    /// <summary>Tells one publication of the image from the next. Part of the token: a version that was taken back must not stand in for a new one.</summary>
    public required string Round { get; init; }

    /// <summary>At most 255 characters.</summary>
    public required string Description { get; init; }
}
