using Amazon.EC2;
using Amazon.EC2.Model;

namespace BakeWorker.LocalCloud.Tests.Ec2;

public sealed class CreateImageTests : IAsyncDisposable
{
    private readonly Ec2World _world = new();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Image_OfAStoppedInstance_IsPendingThenAvailable()
    {
        var instance = await _world.RunAndStopAsync();
        var request = new CreateImageRequest(instance.InstanceId, "debian-12-base bake-1")
        {
            TagSpecifications =
            [
                new() { ResourceType = ResourceType.Image, Tags = [new("role", "image")] },
                new() { ResourceType = ResourceType.Snapshot, Tags = [new("role", "image")] },
            ],
        };
        var id = (await _world.Ec2.CreateImageAsync(request)).ImageId;

        (await _world.ReadImageAsync(id)).State.Should().Be(ImageState.Pending);
        _world.Pass(TimeSpan.FromMinutes(1));
        var image = await _world.ReadImageAsync(id);

        image.State.Should().Be(ImageState.Available);
        (image.SourceInstanceId, image.SourceImageId, image.OwnerId).Should().Be((instance.InstanceId, _world.Debian, Ec2World.Account));
        image.Tags.Single().Value.Should().Be("image");
        var snapshot = (await _world.Ec2.DescribeSnapshotsAsync(new DescribeSnapshotsRequest { OwnerIds = ["self"] })).Snapshots.Single();
        (snapshot.State, snapshot.Progress).Should().Be((SnapshotState.Completed, "100%"));
        snapshot.Tags.Single().Value.Should().Be("image");
        image.BlockDeviceMappings.Single().Ebs.SnapshotId.Should().Be(snapshot.SnapshotId);
        _world.Guests.Disks.Ids.Should().Equal(snapshot.SnapshotId);
    }

    [Fact]
    public async Task Image_Captured_IsWhatTheNextGuestStartsFrom()
    {
        var image = await _world.CaptureAsync();

        var instance = await _world.RunAsync(order => order.ImageId = image.ImageId);

        _world.GuestOf(instance.InstanceId).Spec.DiskId.Should().Be(image.BlockDeviceMappings.Single().Ebs.SnapshotId);
    }

    [Theory]
    [InlineData(false, 2)]
    [InlineData(true, 1)]
    public async Task Image_OfARunningInstance_RestartsItUnlessToldOtherwise(bool noReboot, int boots)
    {
        var id = (await _world.RunAsync()).InstanceId;

        await _world.Ec2.CreateImageAsync(new CreateImageRequest(id, "running") { NoReboot = noReboot });
        _world.Pass(TimeSpan.FromMinutes(1));

        _world.GuestOf(id).Boots.Should().Be(boots);
        (await _world.ReadAsync(id)).State.Name.Should().Be(InstanceStateName.Running);
    }

    [Fact]
    public async Task Image_WhoseInstanceIsTerminatedMeanwhile_Fails()
    {
        var instance = await _world.RunAndStopAsync();
        var id = (await _world.Ec2.CreateImageAsync(new CreateImageRequest(instance.InstanceId, "lost"))).ImageId;

        await _world.TerminateAsync(instance.InstanceId);
        _world.Pass(TimeSpan.FromMinutes(1));

        var image = await _world.ReadImageAsync(id);
        image.State.Should().Be(ImageState.Failed);
        image.StateReason.Code.Should().Be("Client.InstanceTerminated");
    }

    [Fact]
    public async Task Image_FailingByPlan_SaysWhyAndCannotBeLaunched()
    {
        _world.Faults.FailImages();
        var image = await _world.CaptureAsync();

        (image.State, image.StateReason.Code).Should().Be((ImageState.Failed, "Server.InternalError"));
        await _world.LaunchAsync(order => order.ImageId = image.ImageId).RefusedAsync("InvalidAMIID.Unavailable");
    }

    [Fact]
    public async Task Name_TakenAlready_IsADuplicateUntilDeregistered()
    {
        var first = await _world.CaptureAsync("same");
        await _world.CaptureAsync("same").RefusedAsync("InvalidAMIName.Duplicate");

        await _world.Ec2.DeregisterImageAsync(new DeregisterImageRequest(first.ImageId));

        (await _world.CaptureAsync("same")).State.Should().Be(ImageState.Available);
    }

    [Theory]
    [InlineData("ab")]
    [InlineData("colon:not-allowed")]
    [InlineData("new\nline")]
    public async Task Name_OutsideTheRules_IsMalformed(string name)
    {
        await _world.CaptureAsync(name).RefusedAsync("InvalidAMIName.Malformed");
    }

    [Fact]
    public async Task Image_OfAPendingInstance_IsRefused()
    {
        var id = (await _world.LaunchAsync()).InstanceId;

        await _world.Ec2.CreateImageAsync(new CreateImageRequest(id, "too early")).RefusedAsync("IncorrectState");
    }

    [Fact]
    public async Task Image_RegisteredFromASnapshot_IsAvailableAtOnce()
    {
        var captured = await _world.CaptureAsync();
        var request = new RegisterImageRequest
        {
            Name = "registered",
            RootDeviceName = "/dev/xvda",
            Architecture = ArchitectureValues.X86_64,
            BlockDeviceMappings =
            [
                new()
                {
                    DeviceName = "/dev/xvda",
                    Ebs = new() { SnapshotId = captured.BlockDeviceMappings.Single().Ebs.SnapshotId },
                },
            ],
        };

        var image = await _world.ReadImageAsync((await _world.Ec2.RegisterImageAsync(request)).ImageId);

        image.State.Should().Be(ImageState.Available);
        (await _world.RunAsync(order => order.ImageId = image.ImageId)).State.Name.Should().Be(InstanceStateName.Running);
    }
}
