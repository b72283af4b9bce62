using System.Xml.Linq;
using BakeWorker.LocalCloud.Ec2.Images;
using BakeWorker.LocalCloud.Ec2.Instances;
using BakeWorker.LocalCloud.Guests;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Ec2;

/// <summary>EC2: images, instances and what they need.</summary>
public sealed class Ec2Service(LocalCloudAccount account) : IQueryService, IMachines
{
    private readonly Ec2State _state = new(account);

    /// <summary>Where launches of <c>resolve:ssm:NAME</c> and DescribeImageReferences look parameters up.</summary>
    public ImageParameters Parameters
    {
        get => _state.Parameters;
        set => _state.Parameters = value;
    }

    public ValueTask<IEnumerable<XElement>> InvokeAsync(Call call, QueryInput input, CancellationToken ct)
    {
        var region =
            _state.FindRegion(call.Region)
            ?? throw new CloudException("AuthFailure", $"There is no Region '{call.Region}' in this account", 401);
        var ec2Call = new Ec2Call(_state, region, input);
        switch (call.Action)
        {
            case "GetConsoleOutput":
                return Consoles.OutputAsync(ec2Call, ct);
            case "GetConsoleScreenshot":
                return Consoles.ScreenshotAsync(ec2Call, ct);
        }

        if (!Ec2Actions.All.TryGetValue(call.Action, out var action))
        {
            throw CloudException.UnknownAction(call);
        }

        lock (account.Gate)
        {
            if (!Ec2Actions.EndDryRunsThemselves.Contains(call.Action))
            {
                ec2Call.EndDryRun();
            }

            return new(action(ec2Call));
        }
    }

    public Machine? Find(string region, string instanceId) => FindInstance(region, instanceId)?.Machine;

    public IEnumerable<Machine> List(string region) => _state.FindRegion(region)?.Instances.Select(instance => instance.Machine) ?? [];

    /// <summary>Everything that costs money in any Region, for those who look on.</summary>
    public IReadOnlyList<OwnedResource> ListOwned()
    {
        lock (account.Gate)
        {
            return [.. _state.Regions.SelectMany(Belongings.Of)];
        }
    }

    public MachineImage? FindImage(string region, string imageId) =>
        FindImageIn(region, imageId) is { } image
            ? new(image.Id, image.OwnerId, image.State.Word(), image.DiskId, image.RootSnapshotId ?? "")
            : null;

    public void Reboot(string region, string instanceId)
    {
        lock (account.Gate)
        {
            if (FindInstance(region, instanceId) is { State: InstanceState.Running } instance)
            {
                _state.FindRegion(region)!.Life.Reboot(instance);
            }
        }
    }

    /// <summary>Lets another account use an image: <paramref name="kind"/> is ec2:Instance or ec2:LaunchTemplate. EC2 tells it in usage reports.</summary>
    public void UseElsewhere(string region, string imageId, string account, string kind = "ec2:Instance", int count = 1)
    {
        lock (_state.Account.Gate)
        {
            _state.FindRegion(region)!.ForeignUses.Add(new(imageId, account, kind, count));
            if (FindImageIn(region, imageId) is { } image)
            {
                image.LastLaunchedAt = kind == "ec2:Instance" ? _state.Account.Clock.Now : image.LastLaunchedAt;
            }
        }
    }

    public void SetImageFindings(string region, string imageId, DateTimeOffset scannedAt, IReadOnlyList<ImageFinding> findings)
    {
        lock (account.Gate)
        {
            if (FindImageIn(region, imageId) is { } image)
            {
                (image.ScannedAt, image.Findings) = (scannedAt, findings);
            }
        }
    }

    private Instance? FindInstance(string region, string instanceId) => _state.FindRegion(region)?.Instances.Find(instanceId);

    private Image? FindImageIn(string region, string imageId) => _state.FindRegion(region)?.Images.Find(imageId);
}
