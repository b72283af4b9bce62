using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.SimpleSystemsManagement;
using BakeWorker.Testing;

namespace BakeWorker.LocalCloud.Tests.Ec2;

public sealed class ImageRetirementTests : IAsyncDisposable
{
    private readonly Ec2World _world = new();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Deprecation_Set_IsRoundedToTheMinute()
    {
        var image = await _world.CaptureAsync();
        var at = new DateTime(2026, 9, 1, 10, 20, 40, DateTimeKind.Utc);

        await _world.Ec2.EnableImageDeprecationAsync(new EnableImageDeprecationRequest { ImageId = image.ImageId, DeprecateAt = at });

        (await _world.ReadImageAsync(image.ImageId)).DeprecationTime.Should().Be("2026-09-01T10:21:00.000Z");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(4000)]
    public async Task Deprecation_InThePastOrTooFarAhead_IsRefused(int days)
    {
        var image = await _world.CaptureAsync();
        var at = _world.Time.GetUtcNow().UtcDateTime.AddDays(days);

        await _world
            .Ec2.EnableImageDeprecationAsync(new EnableImageDeprecationRequest { ImageId = image.ImageId, DeprecateAt = at })
            .RefusedAsync("InvalidParameterValue");
    }

    [Fact]
    public async Task Disabled_Image_IsHiddenUnsharedAndCannotBeLaunched()
    {
        var image = await _world.CaptureAsync();
        await _world.Ec2.ModifyImageAttributeAsync(
            new ModifyImageAttributeRequest
            {
                ImageId = image.ImageId,
                LaunchPermission = new() { Add = [new() { UserId = "111122223333" }] },
            }
        );

        await _world.Ec2.DisableImageAsync(new DisableImageRequest { ImageId = image.ImageId });

        var own = new DescribeImagesRequest { Owners = ["self"] };
        (await _world.Ec2.DescribeImagesAsync(own)).Images.Should().BeNullOrEmpty();
        (await _world.ReadImageAsync(image.ImageId)).State.Value.Should().Be("disabled");
        await _world.LaunchAsync(order => order.ImageId = image.ImageId).RefusedAsync("InvalidAMIID.Unavailable");

        await _world.Ec2.EnableImageAsync(new EnableImageRequest { ImageId = image.ImageId });
        var permissions = await _world.Ec2.DescribeImageAttributeAsync(
            new DescribeImageAttributeRequest(image.ImageId, ImageAttributeName.LaunchPermission)
        );
        permissions.ImageAttribute.LaunchPermissions.Should().BeNullOrEmpty();
    }

    [Fact]
    public async Task Deregistration_WithSnapshots_RemovesThemAndTheDisk()
    {
        var image = await _world.CaptureAsync();
        var snapshot = image.BlockDeviceMappings.Single().Ebs.SnapshotId;

        var answer = await _world.Ec2.DeregisterImageAsync(new DeregisterImageRequest(image.ImageId) { DeleteAssociatedSnapshots = true });

        answer.DeleteSnapshotResults.Single().ReturnCode.Should().Be(SnapshotReturnCodes.Success);
        await _world
            .Ec2.DescribeSnapshotsAsync(new DescribeSnapshotsRequest { SnapshotIds = [snapshot] })
            .RefusedAsync("InvalidSnapshot.NotFound");
        _world.Guests.Disks.Ids.Should().BeEmpty();
        await _world.ReadImageAsync(image.ImageId).RefusedAsync("InvalidAMIID.NotFound");
    }

    [Fact]
    public async Task Deregistration_Alone_LeavesTheSnapshot()
    {
        var image = await _world.CaptureAsync();
        var snapshot = image.BlockDeviceMappings.Single().Ebs.SnapshotId;
        await _world.Ec2.DeleteSnapshotAsync(new DeleteSnapshotRequest(snapshot)).RefusedAsync("InvalidSnapshot.InUse");

        await _world.Ec2.DeregisterImageAsync(new DeregisterImageRequest(image.ImageId));

        _world.Guests.Disks.Ids.Should().Equal(snapshot);
        await _world.Ec2.DeleteSnapshotAsync(new DeleteSnapshotRequest(snapshot));
        _world.Guests.Disks.Ids.Should().BeEmpty();
    }

    [Fact]
    public async Task Deregistration_WhileAGuestRunsFromTheDisk_KeepsTheDiskUntilItIsGone()
    {
        var image = await _world.CaptureAsync();
        var instance = await _world.RunAsync(order => order.ImageId = image.ImageId);

        await _world.Ec2.DeregisterImageAsync(new DeregisterImageRequest(image.ImageId) { DeleteAssociatedSnapshots = true });

        _world.Guests.Disks.Ids.Should().ContainSingle();
        await _world.TerminateAsync(instance.InstanceId);
        _world.Guests.Disks.Ids.Should().BeEmpty();
    }

    [Fact]
    public async Task Protection_WithCooldown_HoldsForADayAfterItWasLifted()
    {
        var image = await _world.CaptureAsync();
        var deregister = new DeregisterImageRequest(image.ImageId);
        await _world.Ec2.EnableImageDeregistrationProtectionAsync(
            new EnableImageDeregistrationProtectionRequest { ImageId = image.ImageId, WithCooldown = true }
        );
        await _world.Ec2.DeregisterImageAsync(deregister).RefusedAsync("OperationNotPermitted");
        await _world.Ec2.DisableImageDeregistrationProtectionAsync(
            new DisableImageDeregistrationProtectionRequest { ImageId = image.ImageId }
        );
        await _world.Ec2.DeregisterImageAsync(deregister).RefusedAsync("OperationNotPermitted");

        _world.Pass(TimeSpan.FromHours(25));

        await _world.Ec2.DeregisterImageAsync(deregister);
    }

    [Fact]
    public async Task References_ToAnImage_AreInstancesTemplatesAndParameters()
    {
        using var clients = new LocalCloudClients(_world.Cloud);
        await clients.Ssm.PutParameterAsync(
            new()
            {
                Name = "/images/debian",
                Type = ParameterType.String,
                DataType = "aws:ec2:image",
                Value = _world.Debian,
            }
        );
        var instance = await _world.RunAsync();
        await _world.Ec2.CreateLaunchTemplateAsync(
            new CreateLaunchTemplateRequest
            {
                LaunchTemplateName = "web",
                LaunchTemplateData = new() { ImageId = _world.Debian },
            }
        );

        var answer = await _world.Ec2.DescribeImageReferencesAsync(
            new DescribeImageReferencesRequest { ImageIds = [_world.Debian], IncludeAllResourceTypes = true }
        );

        answer
            .ImageReferences.Select(reference => reference.ResourceType)
            .Should()
            .Equal(
                ImageReferenceResourceType.Ec2Instance,
                ImageReferenceResourceType.Ec2LaunchTemplate,
                ImageReferenceResourceType.SsmParameter
            );
        answer.ImageReferences[0].Arn.Should().EndWith(instance.InstanceId);
    }
}
