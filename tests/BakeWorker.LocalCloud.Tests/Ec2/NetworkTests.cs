using Amazon.EC2.Model;

namespace BakeWorker.LocalCloud.Tests.Ec2;

public sealed class NetworkTests : IAsyncDisposable
{
    private readonly Ec2World _world = new();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Region_FromTheStart_HasTheDocumentedNetworks()
    {
        var defaults = _world.Defaults;
        var subnets = (await _world.Ec2.DescribeSubnetsAsync()).Subnets;
        var sandbox = new DescribeSubnetsRequest { Filters = [new("tag:Name", ["sandbox"])] };
        var routes = new DescribeRouteTablesRequest { Filters = [new("association.subnet-id", [defaults.SandboxSubnet])] };

        (await _world.Ec2.DescribeVpcsAsync()).Vpcs.Single(vpc => vpc.IsDefault == true).VpcId.Should().Be(defaults.VpcId);
        subnets
            .Where(subnet => subnet.MapPublicIpOnLaunch == true)
            .Select(subnet => subnet.SubnetId)
            .Should()
            .Equal(defaults.BuilderSubnets);
        (await _world.Ec2.DescribeSubnetsAsync(sandbox)).Subnets.Single().SubnetId.Should().Be(defaults.SandboxSubnet);
        (await _world.Ec2.DescribeRouteTablesAsync(routes)).RouteTables.Single().Routes.Single().GatewayId.Should().Be("local");
        var group = new DescribeSecurityGroupsRequest { Filters = [new("group-name", ["bakeworker"])] };
        var found = (await _world.Ec2.DescribeSecurityGroupsAsync(group)).SecurityGroups.Single();
        found.GroupId.Should().Be(defaults.SecurityGroup);
        found.IpPermissions.Should().BeNullOrEmpty();
        found.IpPermissionsEgress.Single().Ipv4Ranges.Single().CidrIp.Should().Be("0.0.0.0/0");
    }

    [Fact]
    public async Task SecurityGroup_OfAnotherBuilder_LivesItsWholeLife()
    {
        var created = await _world.Ec2.CreateSecurityGroupAsync(new CreateSecurityGroupRequest("temporary", "for ssh"));
        IpPermission ssh = new()
        {
            IpProtocol = "tcp",
            FromPort = 22,
            ToPort = 22,
            Ipv4Ranges = [new() { CidrIp = "10.0.0.0/8", Description = "office" }],
        };
        await _world.Ec2.AuthorizeSecurityGroupIngressAsync(
            new AuthorizeSecurityGroupIngressRequest { GroupId = created.GroupId, IpPermissions = [ssh] }
        );
        await _world
            .Ec2.AuthorizeSecurityGroupIngressAsync(
                new AuthorizeSecurityGroupIngressRequest { GroupId = created.GroupId, IpPermissions = [ssh] }
            )
            .RefusedAsync("InvalidPermission.Duplicate");
        var group = (
            await _world.Ec2.DescribeSecurityGroupsAsync(new DescribeSecurityGroupsRequest { GroupIds = [created.GroupId] })
        ).SecurityGroups.Single();
        var id = (await _world.RunAsync(order => order.SecurityGroupIds = [created.GroupId])).InstanceId;
        await _world
            .Ec2.DeleteSecurityGroupAsync(new DeleteSecurityGroupRequest { GroupId = created.GroupId })
            .RefusedAsync("DependencyViolation");

        await _world.TerminateAsync(id);
        await _world.Ec2.RevokeSecurityGroupIngressAsync(
            new RevokeSecurityGroupIngressRequest { GroupId = created.GroupId, IpPermissions = [ssh] }
        );
        await _world.Ec2.DeleteSecurityGroupAsync(new DeleteSecurityGroupRequest { GroupId = created.GroupId });

        group.IpPermissions.Single().Ipv4Ranges.Single().Description.Should().Be("office");
        await _world
            .Ec2.DescribeSecurityGroupsAsync(new DescribeSecurityGroupsRequest { GroupIds = [created.GroupId] })
            .RefusedAsync("InvalidGroup.NotFound");
    }

    [Fact]
    public async Task KeyPair_Created_HandsOutItsKeyOnce()
    {
        var key = (await _world.Ec2.CreateKeyPairAsync(new CreateKeyPairRequest("builder"))).KeyPair;
        var instance = await _world.RunAsync(order => order.KeyName = "builder");

        key.KeyMaterial.Should().StartWith("-----BEGIN RSA PRIVATE KEY-----");
        instance.KeyName.Should().Be("builder");
        await _world.Ec2.CreateKeyPairAsync(new CreateKeyPairRequest("builder")).RefusedAsync("InvalidKeyPair.Duplicate");
        await _world.Ec2.DeleteKeyPairAsync(new DeleteKeyPairRequest("builder"));
        (await _world.Ec2.DescribeKeyPairsAsync()).KeyPairs.Should().BeNullOrEmpty();
    }

    [Fact]
    public async Task Places_OfTheAccount_AreTheConfiguredOnes()
    {
        (await _world.Ec2.DescribeRegionsAsync())
            .Regions.Select(region => region.RegionName)
            .Should()
            .Equal(new LocalCloudOptions().Regions);
        var zones = (await _world.Ec2.DescribeAvailabilityZonesAsync()).AvailabilityZones;
        zones.Select(zone => (zone.ZoneName, zone.ZoneId)).Should().StartWith(("eu-west-1a", "euw1-az1")).And.HaveCount(3);
    }

    [Fact]
    public async Task InstanceTypes_Described_SayWhatLaunchesEnforce()
    {
        var types = await _world.Ec2.DescribeInstanceTypesAsync(
            new DescribeInstanceTypesRequest { InstanceTypes = ["t3.small", "t4g.small"] }
        );
        var offerings = await _world.Ec2.DescribeInstanceTypeOfferingsAsync(
            new DescribeInstanceTypeOfferingsRequest
            {
                LocationType = Amazon.EC2.LocationType.AvailabilityZone,
                Filters = [new("instance-type", ["m7i.large"])],
            }
        );

        types.InstanceTypes.Select(type => type.ProcessorInfo.SupportedArchitectures.Single()).Should().Equal("x86_64", "arm64");
        types.InstanceTypes[0].MemoryInfo.SizeInMiB.Should().Be(2048);
        offerings.InstanceTypeOfferings.Select(offering => offering.Location).Should().Equal("eu-west-1a", "eu-west-1b");
    }
}
