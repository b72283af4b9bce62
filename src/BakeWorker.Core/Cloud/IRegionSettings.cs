namespace BakeWorker.Core.Cloud;

/// <summary>What the account has set for one Region, as far as it decides what can be published there.</summary>
public interface IRegionSettings
{
    /// <summary>ARN of the key that EBS takes when nobody names one.</summary>
    Task<string> FindDiskKeyAsync(CancellationToken ct);

    /// <summary>Whether EBS encrypts what nobody asked it to.</summary>
    Task<bool> EncryptsDisksAsync(CancellationToken ct);

    /// <summary>Whether images can be shared with everybody (block public access for AMIs).</summary>
    Task<bool> AllowsPublicImagesAsync(CancellationToken ct);

    /// <summary>Whether snapshots can be shared with everybody (block public access for snapshots).</summary>
    Task<bool> AllowsPublicSnapshotsAsync(CancellationToken ct);
}
