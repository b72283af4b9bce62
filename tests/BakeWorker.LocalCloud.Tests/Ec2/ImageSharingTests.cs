using Amazon.EC2;
using Amazon.EC2.Model;

namespace BakeWorker.LocalCloud.Tests.Ec2;

public sealed class ImageSharingTests : IAsyncDisposable
{
    private const string Organization = "arn:aws:organizations::999988887777:organization/o-abcdefghij";
    private const string Unit = "arn:aws:organizations::999988887777:ou/o-abcdefghij/ou-abcd-12345678";
    private readonly Ec2World _world = new();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Permissions_AddedAndRemoved_AreReadBack()
    {
        var image = await _world.CaptureAsync();
        await ShareAsync(image, new() { Add = [new() { UserId = "111122223333" }, new() { OrganizationArn = Organization }] });
        await _world.Ec2.ModifyImageAttributeAsync(
            new ModifyImageAttributeRequest
            {
                ImageId = image.ImageId,
                Attribute = "launchPermission",
                OperationType = OperationType.Add,
                OrganizationalUnitArns = [Unit],
            }
        );
        await ShareAsync(image, new() { Remove = [new() { UserId = "111122223333" }] });

        var read = await PermissionsAsync(image);

        read.Select(permission => permission.OrganizationArn ?? permission.OrganizationalUnitArn).Should().Equal(Organization, Unit);
    }

    [Theory]
    [InlineData("1111")]
    [InlineData("o-abcdefghij")]
    public async Task Permission_OfNoAccount_IsRefused(string user)
    {
        var image = await _world.CaptureAsync();

        await ShareAsync(image, new() { Add = [new() { UserId = user }] }).RefusedAsync("InvalidAMIAttributeItemValue");
    }

    [Fact]
    public async Task Sharing_WithEverybody_IsBlockedByTheAccount()
    {
        var image = await _world.CaptureAsync();

        await ShareAsync(image, new() { Add = [new() { Group = PermissionGroup.All }] }).RefusedAsync("OperationNotPermitted");
        var state = await _world.Ec2.GetImageBlockPublicAccessStateAsync(new GetImageBlockPublicAccessStateRequest());
        state.ImageBlockPublicAccessState.Should().Be("block-new-sharing");
    }

    [Fact]
    public async Task Sharing_WithEverybody_WorksOnceTheAccountAllowsIt()
    {
        var image = await _world.CaptureAsync();
        await _world.Ec2.DisableImageBlockPublicAccessAsync(new DisableImageBlockPublicAccessRequest());
        await _world.Ec2.EnableSnapshotBlockPublicAccessAsync(new EnableSnapshotBlockPublicAccessRequest { State = "block-new-sharing" });

        await ShareAsync(image, new() { Add = [new() { Group = PermissionGroup.All }] });

        (await _world.ReadImageAsync(image.ImageId)).Public.Should().BeTrue();
        var snapshots = await _world.Ec2.GetSnapshotBlockPublicAccessStateAsync(new GetSnapshotBlockPublicAccessStateRequest());
        snapshots.State.Should().Be(SnapshotBlockPublicAccessState.BlockNewSharing);
    }

    [Fact]
    public async Task Sharing_OfWhatAwssOwnKeyEncrypts_IsRefused()
    {
        var instance = await _world.RunAsync(order =>
            order.BlockDeviceMappings = [
                new()
                {
                    DeviceName = "/dev/xvda",
                    Ebs = new() { Encrypted = true },
                },
            ]
        );
        var request = new CreateImageRequest(instance.InstanceId, "encrypted");
        var id = (await _world.Ec2.CreateImageAsync(request)).ImageId;
        _world.Pass(TimeSpan.FromMinutes(1));

        await ShareAsync(await _world.ReadImageAsync(id), new() { Add = [new() { UserId = "111122223333" }] })
            .RefusedAsync("InvalidParameter");
    }

    [Fact]
    public async Task Sharing_OfAStrangersImage_IsNotForUs()
    {
        await _world
            .Ec2.ModifyImageAttributeAsync(new ModifyImageAttributeRequest { ImageId = _world.Debian, Description = "mine now" })
            .RefusedAsync("AuthFailure");
    }

    [Fact]
    public async Task ImdsSupport_OnceSet_BindsLaunches()
    {
        var image = await _world.CaptureAsync();
        await _world.Ec2.ModifyImageAttributeAsync(new ModifyImageAttributeRequest { ImageId = image.ImageId, ImdsSupport = "v2.0" });

        var instance = await _world.RunAsync(order => order.ImageId = image.ImageId);

        (instance.MetadataOptions.HttpTokens, instance.MetadataOptions.HttpPutResponseHopLimit).Should().Be((HttpTokensState.Required, 2));
    }

    [Fact]
    public async Task Reset_OfPermissions_MakesTheImagePrivate()
    {
        var image = await _world.CaptureAsync();
        await ShareAsync(image, new() { Add = [new() { UserId = "111122223333" }] });

        await _world.Ec2.ResetImageAttributeAsync(new ResetImageAttributeRequest(image.ImageId, ResetImageAttributeName.LaunchPermission));

        (await PermissionsAsync(image)).Should().BeEmpty();
    }

    [Fact]
    public async Task Snapshot_Shared_IsReadBack()
    {
        var snapshot = (await _world.CaptureAsync()).BlockDeviceMappings.Single().Ebs.SnapshotId;
        await _world.Ec2.ModifySnapshotAttributeAsync(
            new ModifySnapshotAttributeRequest
            {
                SnapshotId = snapshot,
                Attribute = SnapshotAttributeName.CreateVolumePermission,
                OperationType = OperationType.Add,
                UserIds = ["111122223333"],
            }
        );

        var read = await _world.Ec2.DescribeSnapshotAttributeAsync(
            new DescribeSnapshotAttributeRequest { SnapshotId = snapshot, Attribute = SnapshotAttributeName.CreateVolumePermission }
        );

        read.CreateVolumePermissions.Single().UserId.Should().Be("111122223333");
    }

    private Task<ModifyImageAttributeResponse> ShareAsync(Image image, LaunchPermissionModifications change) =>
        _world.Ec2.ModifyImageAttributeAsync(new ModifyImageAttributeRequest { ImageId = image.ImageId, LaunchPermission = change });

    private async Task<List<LaunchPermission>> PermissionsAsync(Image image)
    {
        var request = new DescribeImageAttributeRequest(image.ImageId, ImageAttributeName.LaunchPermission);
        return (await _world.Ec2.DescribeImageAttributeAsync(request)).ImageAttribute.LaunchPermissions ?? [];
    }
}
