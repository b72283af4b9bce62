using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.SimpleSystemsManagement.Model;
using BakeWorker.Core.Cloud;
using Tag = Amazon.EC2.Model.Tag;

namespace BakeWorker.Testing;

/// <summary>Puts things into an account that no bake made, or that a bake would have left: for tests of who removes what.</summary>
public sealed class Planting(LocalCloudClients clients, TimeProvider time)
{
    private int _names;

    /// <summary>The tags of something that a bake made, with this role and deadline.</summary>
    public static Dictionary<string, string> Tags(string bake, string role, DateTimeOffset deadline) =>
        new()
        {
            [ResourceTags.BakeId] = bake,
            [ResourceTags.Role] = role,
            [ResourceTags.Recipe] = "debian-12-base",
            [ResourceTags.Deadline] = ResourceTags.Time(deadline),
        };

    public async Task<string> InstanceAsync(IReadOnlyDictionary<string, string>? tags = null)
    {
        var found = await clients.Ssm.GetParameterAsync(new GetParameterRequest { Name = "/aws/service/debian/release/12/latest/amd64" });
        var launched = await clients.Ec2.RunInstancesAsync(
            new RunInstancesRequest
            {
                ImageId = found.Parameter.Value,
                InstanceType = InstanceType.T3Small,
                MinCount = 1,
                MaxCount = 1,
                TagSpecifications = Specifications(tags, ResourceType.Instance),
            }
        );
        return launched.Reservation.Instances[0].InstanceId;
    }

    /// <summary>An image that is available, with one snapshot.</summary>
    public async Task<(string Image, string Snapshot)> ImageAsync(IReadOnlyDictionary<string, string>? tags = null)
    {
        var source = await InstanceAsync();
        await UntilAsync(async () =>
        {
            var seen = await clients.Ec2.DescribeInstancesAsync(new DescribeInstancesRequest { InstanceIds = [source] });
            return seen.Reservations[0].Instances[0].State.Name == InstanceStateName.Running;
        });
        var made = await clients.Ec2.CreateImageAsync(
            new CreateImageRequest
            {
                InstanceId = source,
                Name = $"planted-{++_names}",
                NoReboot = true,
                TagSpecifications = Specifications(tags, ResourceType.Image, ResourceType.Snapshot),
            }
        );
        Amazon.EC2.Model.Image? image = null;
        await UntilAsync(async () =>
        {
            image = (await clients.Ec2.DescribeImagesAsync(new DescribeImagesRequest { ImageIds = [made.ImageId] })).Images[0];
            return image.State == Amazon.EC2.ImageState.Available;
        });
        await clients.Ec2.TerminateInstancesAsync(new TerminateInstancesRequest { InstanceIds = [source] });
        return (image!.ImageId, image.BlockDeviceMappings[0].Ebs.SnapshotId);
    }

    /// <summary>A snapshot whose image is gone.</summary>
    public async Task<string> SnapshotAsync(IReadOnlyDictionary<string, string>? tags = null)
    {
        var (image, snapshot) = await ImageAsync(tags);
        await clients.Ec2.DeregisterImageAsync(new DeregisterImageRequest { ImageId = image });
        return snapshot;
    }

    public Task TagAsync(string id, string key, string value) =>
        clients.Ec2.CreateTagsAsync(new CreateTagsRequest { Resources = [id], Tags = [new Tag(key, value)] });

    /// <summary>Everything in this Region that costs money or can be seen.</summary>
    public async Task<IReadOnlyList<string>> AllAsync()
    {
        var instances = await clients.Ec2.DescribeInstancesAsync(new DescribeInstancesRequest());
        var images = await clients.Ec2.DescribeImagesAsync(new DescribeImagesRequest { Owners = ["self"], IncludeDisabled = true });
        var snapshots = await clients.Ec2.DescribeSnapshotsAsync(new DescribeSnapshotsRequest { OwnerIds = ["self"] });
        return
        [
            .. (instances.Reservations ?? [])
                .SelectMany(reservation => reservation.Instances)
                .Where(i => i.State.Name != InstanceStateName.Terminated && i.State.Name != InstanceStateName.ShuttingDown)
                .Select(instance => instance.InstanceId),
            .. (images.Images ?? []).Select(image => image.ImageId),
            .. (snapshots.Snapshots ?? []).Select(snapshot => snapshot.SnapshotId),
        ];
    }

    private async Task UntilAsync(Func<Task<bool>> isSo)
    {
        while (!await isSo())
        {
            await Task.Delay(TimeSpan.FromSeconds(1), time);
        }
    }

    private static List<TagSpecification> Specifications(IReadOnlyDictionary<string, string>? tags, params ResourceType[] types) =>
        tags is null
            ? []
            :
            [
                .. types.Select(type => new TagSpecification
                {
                    ResourceType = type,
                    Tags = [.. tags.Select(pair => new Tag(pair.Key, pair.Value))],
                }),
            ];
}
