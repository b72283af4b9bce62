using System.Net;
using System.Text;
using Amazon.EC2;
using Amazon.EC2.Model;
using BakeWorker.LocalCloud.Faults;

namespace BakeWorker.LocalCloud.Tests.Ec2;

public sealed class RunInstancesTests : IAsyncDisposable
{
    private readonly Ec2World _world = new();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Launch_Accepted_IsPendingThenRunning()
    {
        var instance = await _world.LaunchAsync();

        instance.State.Name.Should().Be(InstanceStateName.Pending);
        instance.PublicIpAddress.Should().StartWith("198.");
        _world.Pass(TimeSpan.FromSeconds(10));
        var running = await _world.ReadAsync(instance.InstanceId);
        running.State.Code.Should().Be(16);
        running.ImageId.Should().Be(_world.Debian);
        running.SubnetId.Should().Be(_world.Defaults.BuilderSubnets[0]);
        _world.GuestOf(instance.InstanceId).IsOn.Should().BeTrue();
        _world.GuestOf(instance.InstanceId).Spec.DiskId.Should().Be("catalogue:debian-12");
    }

    [Fact]
    public async Task Launch_WithTheSameTokenAndArguments_AnswersTheSameInstance()
    {
        var first = await _world.LaunchAsync(order => order.ClientToken = "token-1");
        var second = await _world.LaunchAsync(order => order.ClientToken = "token-1");

        second.InstanceId.Should().Be(first.InstanceId);
        _world.Guests.Guests.Should().ContainSingle();
    }

    [Fact]
    public async Task Launch_WithTheSameTokenAndOtherArguments_IsAMismatch()
    {
        await _world.LaunchAsync(order => order.ClientToken = "token-1");

        await _world
            .LaunchAsync(order => (order.ClientToken, order.InstanceType) = ("token-1", "t3.large"))
            .RefusedAsync("IdempotentParameterMismatch");
    }

    [Fact]
    public async Task Launch_WithTheSameTokenInAnotherZone_IsASecondInstance()
    {
        var first = await _world.LaunchAsync(order => order.ClientToken = "token-1");
        var second = await _world.LaunchAsync(order =>
            (order.ClientToken, order.SubnetId) = ("token-1", _world.Defaults.BuilderSubnets[1])
        );

        second.InstanceId.Should().NotBe(first.InstanceId);
    }

    [Fact]
    public async Task Launch_WithTheTokenOfATerminatedInstance_IsRefused()
    {
        var instance = await _world.LaunchAsync(order => order.ClientToken = "token-1");
        await _world.TerminateAsync(instance.InstanceId);
        await _world.LaunchAsync(order => order.ClientToken = "token-1").RefusedAsync("IdempotentInstanceTerminated");

        _world.Pass(TimeSpan.FromHours(3));

        await _world.LaunchAsync(order => order.ClientToken = "token-1").RefusedAsync("IdempotentInstanceTerminated");
    }

    [Fact]
    public async Task Launch_WithTags_TagsEverythingItMakes()
    {
        var tags = new List<Tag> { new("bakeworker:bake-id", "bake-1") };
        var instance = await _world.RunAsync(order =>
            order.TagSpecifications = [
                new() { ResourceType = ResourceType.Instance, Tags = tags },
                new() { ResourceType = ResourceType.Volume, Tags = tags },
                new() { ResourceType = ResourceType.NetworkInterface, Tags = tags },
            ]
        );

        var request = new DescribeTagsRequest { Filters = [new("key", ["bakeworker:bake-id"])] };
        var tagged = (await _world.Ec2.DescribeTagsAsync(request)).Tags;
        tagged
            .Select(tag => tag.ResourceId)
            .Should()
            .BeEquivalentTo(
                instance.InstanceId,
                instance.BlockDeviceMappings.Single().Ebs.VolumeId,
                instance.NetworkInterfaces.Single().NetworkInterfaceId
            );
        _world.GuestOf(instance.InstanceId).Spec.Tags.Should().Contain("bakeworker:bake-id", "bake-1");
    }

    [Fact]
    public async Task Launch_AsDryRun_IsRefusedWithSuccess()
    {
        var refusal = await _world.LaunchAsync(order => order.DryRun = true).RefusedAsync("DryRunOperation");

        refusal.StatusCode.Should().Be(HttpStatusCode.PreconditionFailed);
        _world.Guests.Guests.Should().BeEmpty();
    }

    [Fact]
    public async Task Launch_OfMany_MakesOneReservation()
    {
        var reservation = (await _world.Ec2.RunInstancesAsync(_world.Order(order => order.MaxCount = 3))).Reservation;

        reservation.Instances.Select(instance => instance.AmiLaunchIndex).Should().Equal(0, 1, 2);
        (await _world.Ec2.DescribeInstancesAsync()).Reservations.Should().ContainSingle().Which.Instances.Should().HaveCount(3);
    }

    [Fact]
    public async Task Launch_AsksForDisksAndMetadata_GetsThem()
    {
        var instance = await _world.RunAsync(order =>
        {
            order.MetadataOptions = new() { HttpTokens = HttpTokensState.Required, HttpPutResponseHopLimit = 1 };
            order.BlockDeviceMappings =
            [
                new()
                {
                    DeviceName = "/dev/xvda",
                    Ebs = new() { VolumeSize = 20, Encrypted = true },
                },
            ];
            order.IamInstanceProfile = new() { Name = "builders" };
            order.UserData = Convert.ToBase64String(Encoding.UTF8.GetBytes("#!/bin/sh\napt-get install amazon-ssm-agent"));
            order.InstanceMarketOptions = new() { MarketType = MarketType.Spot };
        });

        instance.MetadataOptions.HttpTokens.Should().Be(HttpTokensState.Required);
        instance.InstanceLifecycle.Should().Be(InstanceLifecycleType.Spot);
        instance.SpotInstanceRequestId.Should().StartWith("sir-");
        instance.IamInstanceProfile.Arn.Should().Be("arn:aws:iam::123456789012:instance-profile/builders");
        var volume = (await _world.Ec2.DescribeVolumesAsync()).Volumes.Single();
        (volume.Size, volume.Encrypted, volume.State).Should().Be((20, true, VolumeState.InUse));
        _world.GuestOf(instance.InstanceId).HasAgent.Should().BeTrue();
    }

    public static TheoryData<string, Action<RunInstancesRequest>> Refused =>
        new()
        {
            { "InvalidAMIID.NotFound", order => order.ImageId = "ami-0123456789abcdef0" },
            { "InvalidAMIID.Malformed", order => order.ImageId = "debian" },
            { "InvalidParameterValue", order => order.InstanceType = "t9.huge" },
            { "InvalidParameterValue", order => order.InstanceType = "t4g.small" },
            { "InvalidSubnetID.NotFound", order => order.SubnetId = "subnet-0123456789abcdef0" },
            { "InvalidGroup.NotFound", order => order.SecurityGroupIds = ["sg-0123456789abcdef0"] },
            { "InvalidKeyPair.NotFound", order => order.KeyName = "nobody" },
            { "InvalidParameterValue", order => order.UserData = "not base64!" },
            { "InvalidParameterValue", order => order.UserData = Convert.ToBase64String(new byte[16385]) },
            { "InvalidParameterValue", order => order.MinCount = 2 },
            { "InvalidBlockDeviceMapping", order => order.BlockDeviceMappings = [Disk(ebs => ebs.VolumeSize = 4)] },
            { "InvalidParameterDependency", order => order.BlockDeviceMappings = [Disk(ebs => ebs.KmsKeyId = "alias/mine")] },
            { "InvalidParameterValue", order => order.MetadataOptions = new() { HttpPutResponseHopLimit = 65 } },
            { "InvalidParameterValue", order => order.InstanceInitiatedShutdownBehavior = new("explode") },
            {
                "InvalidParameterValue",
                order => order.TagSpecifications = [new() { ResourceType = ResourceType.Vpc, Tags = [new("a", "b")] }]
            },
            { "InvalidParameterValue", order => order.TagSpecifications = [Tagged("aws:mine", "b")] },
            { "InvalidParameterValue", order => order.TagSpecifications = [Tagged("long", new string('x', 257))] },
            {
                "Unsupported",
                order => (order.InstanceType, order.SubnetId) = ("m7i.large", LocalCloudDefaults.For(Ec2World.Home).BuilderSubnets[2])
            },
        };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Launch_OutOfOrder_IsRefusedAsAwsDoes(string code, Action<RunInstancesRequest> change)
    {
        await _world.LaunchAsync(change).RefusedAsync(code);

        _world.Guests.Guests.Should().BeEmpty();
    }

    [Fact]
    public async Task Launch_IntoAPoolWithoutRoom_IsRefusedThereOnly()
    {
        _world.Faults.RefuseLaunches("InsufficientInstanceCapacity", pool: new Pool(Subnet: _world.Defaults.BuilderSubnets[0]));

        var refusal = await _world.LaunchAsync().RefusedAsync("InsufficientInstanceCapacity");
        var elsewhere = await _world.LaunchAsync(order => order.SubnetId = _world.Defaults.BuilderSubnets[1]);

        refusal.StatusCode.Should().Be(HttpStatusCode.InternalServerError);
        elsewhere.InstanceId.Should().NotBeNull();
    }

    [Fact]
    public async Task Launch_DyingInPending_SaysWhy()
    {
        _world.Faults.KillLaunches("Server.InsufficientInstanceCapacity", times: 1);

        var dead = await _world.RunAsync();
        var alive = await _world.RunAsync();

        dead.State.Name.Should().Be(InstanceStateName.Terminated);
        dead.StateReason.Code.Should().Be("Server.InsufficientInstanceCapacity");
        alive.State.Name.Should().Be(InstanceStateName.Running);
    }

    [Fact]
    public async Task Launch_WithAKeyOfAnotherRegion_DiesInPending()
    {
        var key = $"arn:aws:kms:us-east-1:{Ec2World.Account}:key/11111111-2222-3333-4444-555555555555";
        var instance = await _world.RunAsync(order =>
            order.BlockDeviceMappings = [Disk(ebs => (ebs.Encrypted, ebs.KmsKeyId) = (true, key))]
        );

        instance.StateReason.Code.Should().Be("Client.InternalError");
    }

    [Fact]
    public async Task Launch_InTheSandbox_HasNoInternet()
    {
        var instance = await _world.RunAsync(order =>
            (order.SubnetId, order.SecurityGroupIds) = (_world.Defaults.SandboxSubnet, [_world.Defaults.SecurityGroup])
        );

        instance.PublicIpAddress.Should().BeNull();
        _world.GuestOf(instance.InstanceId).Spec.HasInternet.Should().BeFalse();
    }

    [Fact]
    public async Task Launch_ThroughAParameter_TakesItsImage()
    {
        var instance = await _world.LaunchAsync(order => order.ImageId = "resolve:ssm:/aws/service/debian/release/bookworm/latest/amd64");

        instance.ImageId.Should().Be(_world.Debian);
    }

    [Fact]
    public async Task Launch_NotVisibleYet_IsUnknownToDescribes()
    {
        _world.Faults.HideNew(TimeSpan.FromSeconds(2));
        var instance = await _world.LaunchAsync();

        await _world.ReadAsync(instance.InstanceId).RefusedAsync("InvalidInstanceID.NotFound");
        (await _world.Ec2.DescribeInstancesAsync()).Reservations.Should().BeNullOrEmpty();
        _world.Pass(TimeSpan.FromSeconds(2));
        (await _world.ReadAsync(instance.InstanceId)).InstanceId.Should().Be(instance.InstanceId);
    }

    private static BlockDeviceMapping Disk(Action<EbsBlockDevice> change)
    {
        var ebs = new EbsBlockDevice();
        change(ebs);
        return new() { DeviceName = "/dev/xvda", Ebs = ebs };
    }

    private static TagSpecification Tagged(string key, string value) =>
        new() { ResourceType = ResourceType.Instance, Tags = [new(key, value)] };
}
