using Amazon.EC2.Model;
using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;

namespace BakeWorker.LocalCloud.Tests.Kms;

public sealed class KeyTests : IAsyncDisposable
{
    private readonly CloudWorld _world = new();

    private IAmazonKeyManagementService Kms => _world.Clients.Kms;

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData("alias/aws/ebs", "AWS")]
    [InlineData(LocalCloudDefaults.KmsAlias, "CUSTOMER")]
    [InlineData(LocalCloudDefaults.KmsKeyId, "CUSTOMER")]
    public async Task Key_OfTheRegion_SaysWhoseItIs(string name, string manager)
    {
        var key = (await Kms.DescribeKeyAsync(new DescribeKeyRequest { KeyId = name })).KeyMetadata;

        (key.KeyManager.Value, key.Enabled, key.KeyState.Value).Should().Be((manager, true, "Enabled"));
    }

    [Fact]
    public async Task Key_OfAnotherRegion_IsNotFound()
    {
        var key = $"arn:aws:kms:us-east-1:123456789012:key/{LocalCloudDefaults.KmsKeyId}";

        await Kms.Invoking(kms => kms.DescribeKeyAsync(new DescribeKeyRequest { KeyId = key })).Should().ThrowAsync<NotFoundException>();
    }

    [Fact]
    public async Task Policy_OfANewKey_NamesTheAccount_UntilSomebodyElseIsPut()
    {
        var key = (await Kms.CreateKeyAsync(new CreateKeyRequest())).KeyMetadata.KeyId;
        await Kms.CreateAliasAsync(new CreateAliasRequest { AliasName = "alias/shared", TargetKeyId = key });
        var before = await Kms.GetKeyPolicyAsync(new GetKeyPolicyRequest { KeyId = key });

        await Kms.PutKeyPolicyAsync(new PutKeyPolicyRequest { KeyId = key, Policy = """{ "Statement": [] }""" });
        var after = await Kms.GetKeyPolicyAsync(new GetKeyPolicyRequest { KeyId = key });

        before.Policy.Should().Contain("arn:aws:iam::123456789012:root");
        after.Policy.Should().NotContain("arn:aws:iam");
        (await Kms.ListAliasesAsync(new ListAliasesRequest { KeyId = key })).Aliases.Single().AliasName.Should().Be("alias/shared");
    }

    [Fact]
    public async Task Grants_Given_AreListed()
    {
        await Kms.CreateGrantAsync(
            new CreateGrantRequest
            {
                KeyId = LocalCloudDefaults.KmsKeyId,
                GranteePrincipal = "arn:aws:iam::111122223333:root",
                Operations = ["Decrypt", "CreateGrant"],
            }
        );

        var grants = await Kms.ListGrantsAsync(new ListGrantsRequest { KeyId = LocalCloudDefaults.KmsKeyId });

        grants.Grants.Single().GranteePrincipal.Should().Contain("111122223333");
    }

    [Fact]
    public async Task Key_Disabled_EncryptsNoVolume()
    {
        await Kms.DisableKeyAsync(new DisableKeyRequest { KeyId = LocalCloudDefaults.KmsKeyId });
        var request = new RunInstancesRequest(CloudWorld.Debian, 1, 1)
        {
            InstanceType = "t3.small",
            BlockDeviceMappings =
            [
                new()
                {
                    DeviceName = "/dev/xvda",
                    Ebs = new() { Encrypted = true, KmsKeyId = LocalCloudDefaults.KmsAlias },
                },
            ],
        };

        var id = (await _world.Clients.Ec2.RunInstancesAsync(request)).Reservation.Instances.Single().InstanceId;
        _world.PassSeconds(30);

        var seen = await _world.Clients.Ec2.DescribeInstancesAsync(new DescribeInstancesRequest { InstanceIds = [id] });
        seen.Reservations.Single().Instances.Single().StateReason.Code.Should().Be("Client.InternalError");
    }

    [Fact]
    public async Task Default_OfTheRegion_IsWhatVolumesTake()
    {
        var ec2 = _world.Clients.Ec2;
        (await ec2.GetEbsDefaultKmsKeyIdAsync(new GetEbsDefaultKmsKeyIdRequest())).KmsKeyId.Should().EndWith("123456789012");

        await ec2.ModifyEbsDefaultKmsKeyIdAsync(new ModifyEbsDefaultKmsKeyIdRequest { KmsKeyId = LocalCloudDefaults.KmsAlias });
        await ec2.EnableEbsEncryptionByDefaultAsync(new EnableEbsEncryptionByDefaultRequest());
        await _world.LaunchAsync();

        var volumes = await ec2.DescribeVolumesAsync(new DescribeVolumesRequest());
        volumes.Volumes.Should().OnlyContain(volume => volume.KmsKeyId.EndsWith(LocalCloudDefaults.KmsKeyId));
        (await ec2.GetEbsEncryptionByDefaultAsync(new GetEbsEncryptionByDefaultRequest())).EbsEncryptionByDefault.Should().BeTrue();
    }
}
