using BakeWorker.LocalCloud.Ec2.Account;
using BakeWorker.LocalCloud.Ec2.Disks;
using BakeWorker.LocalCloud.Ec2.Images;
using BakeWorker.LocalCloud.Ec2.Instances;
using BakeWorker.LocalCloud.Ec2.LaunchTemplates;
using BakeWorker.LocalCloud.Ec2.Networking;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Ec2;

/// <summary>Everything of EC2 that lies in one Region. Read and changed under the gate.</summary>
internal sealed class Ec2Region
{
    public Ec2Region(string name, Ec2State state)
    {
        (Name, State) = (name, state);
        Zones = LocalCloudDefaults.Zones.Select(letter => new Zone(name, letter)).ToList();
        Life = new InstanceLife(this);
        ImageLife = new ImageLife(this);
        NetworkPlan.Lay(this);
    }

    public string Name { get; }
    public Ec2State State { get; }
    public IReadOnlyList<Zone> Zones { get; }
    public InstanceLife Life { get; }
    public ImageLife ImageLife { get; }

    public ResourceTable<Instance> Instances { get; } =
        new(new("i", "InvalidInstanceID.NotFound", "InvalidInstanceID.Malformed", "The instance ID '{0}' does not exist"));

    public ResourceTable<Image> Images { get; } =
        new(new("ami", "InvalidAMIID.NotFound", "InvalidAMIID.Malformed", "The image id '[{0}]' does not exist"));

    public ResourceTable<Snapshot> Snapshots { get; } =
        new(new("snap", "InvalidSnapshot.NotFound", "InvalidSnapshotID.Malformed", "The snapshot '{0}' does not exist."));

    public ResourceTable<Volume> Volumes { get; } =
        new(new("vol", "InvalidVolume.NotFound", "InvalidVolumeID.Malformed", "The volume '{0}' does not exist."));

    public ResourceTable<Vpc> Vpcs { get; } =
        new(new("vpc", "InvalidVpcID.NotFound", "InvalidVpcID.Malformed", "The vpc ID '{0}' does not exist"));

    public ResourceTable<Subnet> Subnets { get; } =
        new(new("subnet", "InvalidSubnetID.NotFound", "InvalidSubnetID.Malformed", "The subnet ID '{0}' does not exist"));

    public ResourceTable<RouteTable> RouteTables { get; } =
        new(new("rtb", "InvalidRouteTableID.NotFound", "InvalidRouteTableID.Malformed", "The routeTable ID '{0}' does not exist"));

    public ResourceTable<SecurityGroup> SecurityGroups { get; } =
        new(new("sg", "InvalidGroup.NotFound", "InvalidGroupId.Malformed", "The security group '{0}' does not exist"));

    public ResourceTable<VpcEndpoint> VpcEndpoints { get; } =
        new(new("vpce", "InvalidVpcEndpointId.NotFound", "InvalidVpcEndpointId.Malformed", "The Vpc Endpoint Id '{0}' does not exist"));

    public ResourceTable<NetworkInterface> Interfaces { get; } =
        new(
            new(
                "eni",
                "InvalidNetworkInterfaceID.NotFound",
                "InvalidNetworkInterfaceId.Malformed",
                "The networkInterface ID '{0}' does not exist"
            )
        );

    public ResourceTable<KeyPair> KeyPairs { get; } =
        new(new("key", "InvalidKeyPair.NotFound", "InvalidKeyPair.Format", "The key pair '{0}' does not exist"));

    public ResourceTable<LaunchTemplate> LaunchTemplates { get; } =
        new(
            new(
                "lt",
                "InvalidLaunchTemplateId.NotFound",
                "InvalidLaunchTemplateId.Malformed",
                "The specified launch template, with template ID {0}, does not exist."
            )
        );

    public ResourceTable<UsageReport> UsageReports { get; } =
        new(
            new(
                "amiur",
                "InvalidImageUsageReportID.NotFound",
                "InvalidImageUsageReportID.Malformed",
                "The image usage report '{0}' does not exist"
            )
        );

    /// <summary>What other accounts have that uses images of this one.</summary>
    public List<ForeignUse> ForeignUses { get; } = [];
    public PublicAccess PublicAccess { get; } = new();
    public TokenBook LaunchTokens { get; } = new();
    public TokenBook CopyTokens { get; } = new();
    public TokenBook TemplateTokens { get; } = new();
    public TokenBook ReportTokens { get; } = new();

    /// <summary>Every table whose resources carry tags.</summary>
    public IEnumerable<IResourceTable> Tables =>
        [
            Instances,
            Images,
            Snapshots,
            Volumes,
            Vpcs,
            Subnets,
            RouteTables,
            SecurityGroups,
            VpcEndpoints,
            Interfaces,
            KeyPairs,
            LaunchTemplates,
            UsageReports,
        ];

    public Resource GetTaggable(string id)
    {
        var table =
            Tables.FirstOrDefault(table => id.StartsWith(table.Prefix + "-", StringComparison.Ordinal))
            ?? throw new CloudException("InvalidID", $"The ID '{id}' is not valid");
        var resource = table.Get(id);
        return resource is Image image && image.OwnerId != State.Account.Options.AccountId
            ? throw Ec2Errors.NotAuthorized("image", id)
            : resource;
    }
}
