using Amazon.EC2;
using Amazon.EC2.Model;
using BakeWorker.Core.Cloud;

namespace BakeWorker.Aws.Ec2;

/// <summary>The account's settings of one Region.</summary>
internal sealed class RegionSettings(IAmazonEC2 ec2) : IRegionSettings
{
    private const string Unblocked = "unblocked";

    public async Task<string> FindDiskKeyAsync(CancellationToken ct) =>
        (await ec2.GetEbsDefaultKmsKeyIdAsync(new GetEbsDefaultKmsKeyIdRequest(), ct)).KmsKeyId;

    public async Task<bool> EncryptsDisksAsync(CancellationToken ct) =>
        (await ec2.GetEbsEncryptionByDefaultAsync(new GetEbsEncryptionByDefaultRequest(), ct)).EbsEncryptionByDefault ?? false;

    public async Task<bool> AllowsPublicImagesAsync(CancellationToken ct) =>
        (await ec2.GetImageBlockPublicAccessStateAsync(new GetImageBlockPublicAccessStateRequest(), ct)).ImageBlockPublicAccessState
        == Unblocked;

    public async Task<bool> AllowsPublicSnapshotsAsync(CancellationToken ct) =>
        (await ec2.GetSnapshotBlockPublicAccessStateAsync(new GetSnapshotBlockPublicAccessStateRequest(), ct)).State?.Value == Unblocked;
}
