using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using BakeWorker.Aws.Errors;
using BakeWorker.Aws.Resilience;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;

namespace BakeWorker.Aws.Kms;

/// <summary>KMS keys of one Region.</summary>
internal sealed class Keys(Lazy<IAmazonKeyManagementService> kms) : IKeys
{
    public async Task<EncryptionKey?> FindAsync(string key, CancellationToken ct)
    {
        try
        {
            var found = (await kms.Value.DescribeKeyAsync(new DescribeKeyRequest { KeyId = key }, ct)).KeyMetadata;
            return new EncryptionKey(found.Arn)
            {
                AccountId = found.AWSAccountId,
                IsAwsManaged = found.KeyManager == KeyManagerType.AWS,
                Trouble = Trouble(found),
            };
        }
        catch (BakeFailedException failure) when (failure.Is("NotFound", "InvalidArn"))
        {
            return null;
        }
    }

    public async Task<KeyUsers> ReadUsersAsync(string arn, CancellationToken ct)
    {
        var policy = (await kms.Value.GetKeyPolicyAsync(new GetKeyPolicyRequest { KeyId = arn }, ct)).Policy;
        var grants = await Pages.ReadAllAsync<GrantListEntry>(async marker =>
        {
            var page = await kms.Value.ListGrantsAsync(new ListGrantsRequest { KeyId = arn, Marker = marker }, ct);
            return (page.Grants, page.NextMarker);
        });
        return new KeyUsers(
            policy,
            [
                .. grants
                    // A constraint is on the encryption context, and that of a disk is EBS's own.
                    .Where(grant => grant.Constraints is null or { EncryptionContextEquals: null, EncryptionContextSubset: null })
                    .Select(grant => new KeyGrant(grant.GranteePrincipal ?? "", grant.Operations ?? [])),
            ]
        );
    }

    private static string? Trouble(KeyMetadata key) =>
        key.KeyState != KeyState.Enabled ? $"its state is {key.KeyState}"
        : key.KeyUsage != KeyUsageType.ENCRYPT_DECRYPT ? $"it is for {key.KeyUsage}"
        : key.KeySpec != KeySpec.SYMMETRIC_DEFAULT ? $"it is an asymmetric key ({key.KeySpec})"
        : null;
}
