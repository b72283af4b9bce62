using BakeWorker.LocalCloud.Ec2.Disks;
using BakeWorker.LocalCloud.Ec2.Metadata;
using BakeWorker.LocalCloud.Ec2.Networking;
using BakeWorker.LocalCloud.Guests;

namespace BakeWorker.LocalCloud.Ec2.Instances;

/// <summary>Puts instances together out of guest, card and volumes, and takes them apart when they are gone.</summary>
internal sealed class InstanceFactory(Ec2Region region)
{
    private const int SpotIdDigits = 8;
    private int _publicAddresses = 1;

    private LocalCloudAccount Account => region.State.Account;
    private DateTimeOffset Now => Account.Clock.Now;

    public List<Instance> Make(LaunchRequest request)
    {
        var reservation = new Reservation(Ec2Ids.New(Account, "r"));
        return Enumerable.Range(0, request.MaxCount).Select(index => Make(request, reservation, index)).ToList();
    }

    public void TakeApart(Instance instance)
    {
        region.Interfaces.Remove(instance.Card);
        instance.Subnet.ReturnAddress(instance.Card.PrivateIp);
        instance.PublicIp = null;
        foreach (var volume in instance.Volumes)
        {
            volume.Instance = null;
            if (volume.DeleteOnTermination)
            {
                region.Volumes.Remove(volume);
            }
        }

        instance.Volumes.Clear();
        region.State.Disks.Release(instance.Image.DiskId);
    }

    private Instance Make(LaunchRequest request, Reservation reservation, int index)
    {
        var id = Ec2Ids.New(Account, "i");
        var card = MakeCard(request);
        var machine = MakeMachine(request, id, card);
        var instance = new Instance(id, reservation, request, machine, card)
        {
            Lane = new GuestLane(Account),
            LaunchIndex = index,
            SpotRequestId = request.SpotRequestId ?? (request.IsSpot ? $"sir-{Account.NewHex(SpotIdDigits)}" : null),
            LaunchedAt = Now,
            VisibleFrom = Now + Account.Faults.Hiding(new(region.Name, "instance", id)),
            PublicIp = request.HasPublicIp ? NextPublicAddress() : null,
        };
        request.Tags.Put(instance).OnTagged();
        card.Instance = instance;
        instance.Volumes.AddRange(request.Devices.Select(device => MakeVolume(instance, device)));
        region.Instances.Add(instance);
        region.State.Disks.Use(request.Image.DiskId);
        request.Image.LastLaunchedAt = Now;
        return instance;
    }

    private NetworkInterface MakeCard(LaunchRequest request)
    {
        var card = new NetworkInterface(
            Ec2Ids.New(Account, "eni"),
            request.Subnet,
            request.Subnet.TakeAddress(request.PrivateIp),
            request.Groups
        )
        {
            AttachmentId = Ec2Ids.New(Account, "eni-attach"),
            AttachedAt = Now,
        };
        region.Interfaces.Add(request.Tags.Put(card));
        return card;
    }

    private Machine MakeMachine(LaunchRequest request, string id, NetworkInterface card)
    {
        var guest = Account.Guests.Create(
            new GuestSpec(id, request.Image.Id, request.Image.DiskId, region.Name)
            {
                IsWindows = request.Image.IsWindows,
                InstanceType = request.Type.Name,
                UserData = request.DecodedUserData,
                Tags = request.Tags.For("instance"),
                HasInternet = request.Subnet.IsPublic && request.HasPublicIp,
                PrivateIp = card.PrivateIp,
                Mac = card.Mac,
                Metadata = new InstanceMetadata(region, id),
            }
        );
        return new Machine(id, region.Name, request.Image.Id, Now, guest)
        {
            HasInstanceProfile = request.InstanceProfileArn is not null,
            IsWindows = request.Image.IsWindows,
            PrivateIp = card.PrivateIp,
        };
    }

    private Volume MakeVolume(Instance instance, BlockDevice device)
    {
        var volume = new Volume(Ec2Ids.New(Account, "vol"), device, instance.Subnet.Zone, Now) { Instance = instance };
        region.Volumes.Add(instance.Launch.Tags.Put(volume));
        return volume;
    }

    /// <summary>From 198.18.0.0/15, the range for benchmarks: nobody's, so that no tool ever reaches a stranger through it.</summary>
    private string NextPublicAddress()
    {
        var number = _publicAddresses++ % 0x1FFFE;
        return $"198.{18 + (number >> 16)}.{(number >> 8) & 0xFF}.{(number & 0xFF)}";
    }
}
