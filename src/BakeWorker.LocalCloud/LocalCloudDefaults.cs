using BakeWorker.LocalCloud.Ec2;

namespace BakeWorker.LocalCloud;

/// <summary>What every Region of a LocalCloud has from the start. The ids are the same in every run.</summary>
public sealed record LocalCloudDefaults(string Region)
{
    /// <summary>Name of an instance profile for builders; LocalCloud accepts any other name or ARN as well.</summary>
    public const string InstanceProfile = "bakeworker";

    /// <summary>Alias and id of a key of the account's own that every Region has. Its policy names this account alone.</summary>
    public const string KmsAlias = "alias/bakeworker";
    public const string KmsKeyId = "11111111-2222-3333-4444-555555555555";

    /// <summary>The owner of a public image that looks like a newer Debian 12 and is not.</summary>
    public const string StrangerAccountId = "666677778888";

    /// <summary>Letters of the availability zones of a Region.</summary>
    public static IReadOnlyList<string> Zones { get; } = ["a", "b", "c"];

    /// <summary>The default VPC, 172.31.0.0/16.</summary>
    public string VpcId => Ec2Ids.Fixed("vpc", Region, "default");

    /// <summary>The public default subnets, one for each availability zone.</summary>
    public IReadOnlyList<string> BuilderSubnets => Zones.Select(BuilderSubnet).ToList();

    /// <summary>A subnet of the same VPC without a route to the internet, for boot tests; tagged <c>Name=sandbox</c>.</summary>
    public string SandboxSubnet => Ec2Ids.Fixed("subnet", Region, "sandbox");

    /// <summary>The default VPC's own security group.</summary>
    public string DefaultSecurityGroup => Ec2Ids.Fixed("sg", Region, "default");

    /// <summary>The group <c>bakeworker</c> in the default VPC: nothing in, everything out.</summary>
    public string SecurityGroup => Ec2Ids.Fixed("sg", Region, "bakeworker");

    public static LocalCloudDefaults For(string region) => new(region);

    /// <summary>The public default subnet of one zone, such as <c>a</c>.</summary>
    public string BuilderSubnet(string zone) => Ec2Ids.Fixed("subnet", Region, zone);
}
