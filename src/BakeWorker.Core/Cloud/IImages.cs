using BakeWorker.Core.Bakes;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Cloud;

/// <summary>What DescribeImages says of a base image; every value is read, none assumed.</summary>
public sealed record BaseImage(ImageId Id)
{
    public required string Name { get; init; }
    public required string OwnerId { get; init; }

    /// <summary><c>amazon</c>, <c>aws-marketplace</c> or <c>aws-backup-vault</c>; null for everybody else.</summary>
    public string? OwnerAlias { get; init; }
    public required Architecture Architecture { get; init; }
    public required string State { get; init; }
    public required string RootDeviceName { get; init; }
    public required string RootDeviceType { get; init; }
    public string Virtualization { get; init; } = "hvm";
    public DateTimeOffset? CreatedAt { get; init; }
    public DateTimeOffset? DeprecatedAt { get; init; }
    public bool IsWindows { get; init; }

    /// <summary>Product codes: an image of AWS Marketplace has at least one.</summary>
    public IReadOnlyList<string> ProductCodes { get; init; } = [];

    /// <summary>EC2 shows tags only to the owner of an image.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
}

/// <summary>EC2's image states. Everything that is neither pending nor available is a terminal failure, an unknown value included.</summary>
public enum ImageState
{
    Pending,
    Available,
    Disabled,
    Failed,
}

/// <summary>An image of ours at one moment.</summary>
public sealed record Image(ImageId Id, ImageState State)
{
    public required string Name { get; init; }
    public required string Region { get; init; }
    public string? Reason { get; init; }

    /// <summary>What it was copied from, or its builder launched from; null when EC2 does not say.</summary>
    public ImageId? MadeOf { get; init; }
    public DateTimeOffset? CreatedAt { get; init; }
    public DateTimeOffset? DeprecatedAt { get; init; }

    /// <summary>When an instance was last launched from it, by anybody; EC2 tells it a day late.</summary>
    public DateTimeOffset? LaunchedAt { get; init; }

    /// <summary>EC2's word for a protection against deregistration; null when there is none.</summary>
    public string? Protection { get; init; }
    public IReadOnlyList<string> Snapshots { get; init; } = [];
    public string RootDeviceName { get; init; } = "/dev/xvda";

    /// <summary>Instances of it refuse IMDSv1 unless they are launched otherwise.</summary>
    public bool ImdsV2 { get; init; }
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    public bool IsReleased => Tags.ContainsKey(ResourceTags.ReleasedAt);

    /// <summary>Publishing has begun, or is done: somebody may use it.</summary>
    public bool MayBeSeen => IsReleased || Tags.ContainsKey(ResourceTags.Publishing);

    /// <summary><c>sha256:…</c> of its proof, once that is kept.</summary>
    public string? Proof => Tags.GetValueOrDefault(ResourceTags.Provenance);

    /// <summary>Every gate let it through, in this attempt or an earlier one.</summary>
    public bool HasPassed => Tags.GetValueOrDefault(ResourceTags.Verdict) == ResourceTags.Passed;

    /// <summary>Somebody rolled back from it: it is not a good image any more.</summary>
    public bool IsWithdrawn => Tags.ContainsKey(ResourceTags.WithdrawnAt);
}

/// <summary>Who besides the owner may launch an image.</summary>
public sealed record LaunchPermissions
{
    public IReadOnlyList<string> Accounts { get; init; } = [];
    public IReadOnlyList<string> OrganizationArns { get; init; } = [];
    public IReadOnlyList<string> OrganizationalUnitArns { get; init; } = [];

    /// <summary>Everybody.</summary>
    public bool IsPublic { get; init; }
    public bool IsEmpty => !IsPublic && Accounts.Count + OrganizationArns.Count + OrganizationalUnitArns.Count == 0;

    /// <summary>What of these the others lack, in words.</summary>
    public IReadOnlyList<string> MissingIn(LaunchPermissions others) =>
        [
            .. Accounts.Except(others.Accounts),
            .. OrganizationArns.Except(others.OrganizationArns),
            .. OrganizationalUnitArns.Except(others.OrganizationalUnitArns),
            .. IsPublic && !others.IsPublic ? ["everybody"] : Array.Empty<string>(),
        ];
}

/// <summary>EC2 images: bases, captured images and their copies.</summary>
public interface IImages
{
    /// <summary>
    /// What the source names today. Null when nothing matches. A source by name always carries its owners into the query.
    /// </summary>
    Task<BaseImage?> FindBaseAsync(BaseSource source, Architecture architecture, CancellationToken ct);

    /// <summary>The image or copy of this bake in this Region, by tag and name; null when there is none.</summary>
    Task<Image?> FindAsync(BakeId bake, CancellationToken ct);

    /// <summary>Finds, else CreateImage from the stopped builder. A name collision is adopted only if bake id and source instance match.</summary>
    Task<Image> EnsureAsync(Bake bake, Instance builder, CancellationToken ct);

    /// <summary>
    /// Finds, else copies the image into this Region with its tags, private and encrypted. Client token and name make it the same copy. A copy
    /// that an earlier attempt made of another image is replaced.
    /// </summary>
    Task<Image> EnsureCopyAsync(Bake bake, Image source, string? kmsKeyId, CancellationToken ct);

    /// <summary>One batched read for the watcher. Unknown ids are left out.</summary>
    Task<IReadOnlyDictionary<ImageId, Image>> ReadAsync(IReadOnlyCollection<ImageId> ids, CancellationToken ct);

    /// <summary>Every image of ours, disabled ones included, optionally of one recipe.</summary>
    Task<IReadOnlyList<Image>> ListAsync(string? recipe, CancellationToken ct);

    /// <summary>Every image of one bake in this Region, failed ones included.</summary>
    Task<IReadOnlyList<Image>> ListAsync(BakeId bake, CancellationToken ct);

    Task TagAsync(ImageId id, IReadOnlyDictionary<string, string> tags, CancellationToken ct);

    /// <summary>Takes a tag off; succeeds when it is not there.</summary>
    Task UntagAsync(ImageId id, string tag, CancellationToken ct);

    /// <summary>Whether this account can launch instances of the image now, whoever owns it.</summary>
    Task<bool> IsLaunchableAsync(ImageId id, CancellationToken ct);

    /// <summary>Adds what is missing and returns what EC2 shows afterwards.</summary>
    Task<LaunchPermissions> EnsurePermissionsAsync(ImageId id, LaunchPermissions permissions, CancellationToken ct);

    /// <summary>Takes these permissions away; succeeds when they are not there.</summary>
    Task RemovePermissionsAsync(ImageId id, LaunchPermissions permissions, CancellationToken ct);

    Task EnsureDeprecationAsync(ImageId id, DateTimeOffset at, CancellationToken ct);

    /// <summary>Lets instances of the image refuse IMDSv1 by default. EC2 cannot take it back.</summary>
    Task EnsureImdsV2Async(Image image, CancellationToken ct);

    Task EnsureDisabledAsync(ImageId id, CancellationToken ct);

    /// <summary>What in this account still uses these images (instances, launch templates, parameters): EC2 DescribeImageReferences.</summary>
    Task<IReadOnlyDictionary<ImageId, IReadOnlyList<string>>> ReadReferencesAsync(IReadOnlyCollection<ImageId> ids, CancellationToken ct);

    /// <summary>
    /// Deregisters with snapshots, and looks at what became of each; succeeds when all are gone but those that other images use. Refuses an image
    /// that lacks our tags.
    /// </summary>
    Task RemoveAsync(Image image, CancellationToken ct);
}
