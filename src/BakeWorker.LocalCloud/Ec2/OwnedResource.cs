using BakeWorker.LocalCloud.Ec2.Images;
using BakeWorker.LocalCloud.Ec2.Instances;

namespace BakeWorker.LocalCloud.Ec2;

/// <summary>Something of the account that costs money or can be launched. <paramref name="Kind"/> is EC2's word for it: instance, image, snapshot, volume.</summary>
public sealed record OwnedResource(string Region, string Kind, string Id, string State, IReadOnlyDictionary<string, string> Tags)
{
    /// <summary>What an image's guests start from; null for anything else.</summary>
    public string? DiskId { get; init; }

    /// <summary>What an image was captured from, or an instance was launched from; null for anything else.</summary>
    public string? Source { get; init; }

    /// <summary>The type, subnet and market an instance was launched with; null for anything else.</summary>
    public string? Pool { get; init; }

    /// <summary>Whether it is an instance that no call launched, but EC2 itself, for a persistent spot request whose last one had ended.</summary>
    public bool IsRelaunched { get; init; }
}

/// <summary>All that an account owns, as it truly is: eventual consistency hides nothing here.</summary>
internal static class Belongings
{
    public static IEnumerable<OwnedResource> Of(Ec2Region region)
    {
        var owner = region.State.Account.Options.AccountId;
        var instances = region
            .Instances.Where(instance => !instance.IsGone)
            .Select(instance =>
                Describe(region, instance, instance.State.Word()) with
                {
                    Source = instance.Image.Id,
                    Pool = $"{instance.Launch.Type.Name}/{instance.Launch.Subnet.Id}/{(instance.Launch.IsSpot ? "spot" : "on-demand")}",
                    IsRelaunched = instance.Launch.SpotRequestId is not null,
                }
            );
        var images = region
            .Images.Where(image => image.OwnerId == owner)
            .Select(image =>
                Describe(region, image, image.State.Word()) with
                {
                    DiskId = image.DiskId,
                    Source = image.SourceInstanceId ?? image.SourceImageId,
                }
            );
        var snapshots = region
            .Snapshots.Where(snapshot => snapshot.OwnerId == owner)
            .Select(snapshot => Describe(region, snapshot, snapshot.State));
        return [.. instances, .. images, .. snapshots, .. region.Volumes.Select(volume => Describe(region, volume, volume.State))];
    }

    private static OwnedResource Describe(Ec2Region region, Resource resource, string state) =>
        new(region.Name, resource.Type, resource.Id, state, new Dictionary<string, string>(resource.Tags));
}
