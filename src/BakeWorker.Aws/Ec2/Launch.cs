using System.Text;
using Amazon.EC2;
using Amazon.EC2.Model;
using BakeWorker.Aws.Naming;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Aws.Ec2;

/// <summary>A launch as RunInstances wants it: closed to the network, IMDSv2 only, encrypted, tagged from its first moment.</summary>
internal static class Launch
{
    public static RunInstancesRequest Request(Bake bake, LaunchOrder order, int generation, string? instanceProfile)
    {
        var isSpot = order.Rung.Market == Market.Spot;
        var tags = Tags.OfInstance(bake, order, generation);
        return new RunInstancesRequest
        {
            ClientToken = Names.ClientToken(bake.Id, order.Role, generation, order.Rung),
            MinCount = 1,
            MaxCount = 1,
            ImageId = order.Image.Id.Value,
            InstanceType = order.Rung.InstanceType,
            SubnetId = order.Rung.Subnet,
            SecurityGroupIds = order.SecurityGroups.Count > 0 ? [.. order.SecurityGroups] : null,
            IamInstanceProfile = Profile(order.InstanceProfile ?? instanceProfile),
            // What powers itself off is gone, disk and all, also when no worker ever comes back; the seal asks for a stop first.
            InstanceInitiatedShutdownBehavior =
                isSpot && order.Role == InstanceRole.Builder ? ShutdownBehavior.Stop : ShutdownBehavior.Terminate,
            MetadataOptions = new InstanceMetadataOptionsRequest
            {
                HttpEndpoint = InstanceMetadataEndpointState.Enabled,
                HttpTokens = HttpTokensState.Required,
                HttpPutResponseHopLimit = 1,
            },
            BlockDeviceMappings = [Root(order)],
            InstanceMarketOptions = isSpot ? Spot(bake, order.Role) : null,
            UserData = order.UserData is { } text ? Convert.ToBase64String(Encoding.UTF8.GetBytes(text)) : null,
            TagSpecifications = isSpot
                ? tags.On(ResourceType.Instance, ResourceType.Volume, ResourceType.NetworkInterface, ResourceType.SpotInstancesRequest)
                : tags.On(ResourceType.Instance, ResourceType.Volume, ResourceType.NetworkInterface),
        };
    }

    // The root volume is encrypted here because an image made of it can no longer be.
    private static BlockDeviceMapping Root(LaunchOrder order) =>
        new()
        {
            DeviceName = order.Image.RootDeviceName,
            Ebs = new EbsBlockDevice
            {
                DeleteOnTermination = true,
                VolumeSize = order.RootVolumeGiB,
                Encrypted = order.Encrypted ? true : null,
                KmsKeyId = order.Encrypted ? order.KmsKeyId : null,
            },
        };

    // EC2 stops and keeps a spot instance only under a persistent request, and the seal needs a builder that stops.
    private static InstanceMarketOptionsRequest Spot(Bake bake, InstanceRole role) =>
        new()
        {
            MarketType = MarketType.Spot,
            SpotOptions =
                role == InstanceRole.Builder
                    ? new SpotMarketOptions
                    {
                        SpotInstanceType = SpotInstanceType.Persistent,
                        InstanceInterruptionBehavior = InstanceInterruptionBehavior.Stop,
                        ValidUntil = bake.Deadline.UtcDateTime,
                    }
                    : new SpotMarketOptions { SpotInstanceType = SpotInstanceType.OneTime },
        };

    private static IamInstanceProfileSpecification? Profile(string? profile) =>
        profile switch
        {
            null or "" => null,
            _ when profile.StartsWith("arn:", StringComparison.Ordinal) => new() { Arn = profile },
            _ => new() { Name = profile },
        };
}
