using BakeWorker.LocalCloud.Ec2.Disks;
using BakeWorker.LocalCloud.Ec2.Instances;
using BakeWorker.LocalCloud.Faults;

namespace BakeWorker.LocalCloud.Ec2.Images;

/// <summary>
/// How images come to be: pending until EC2's time is over and the disk is really there, then available; or failed. Runs under the gate.
/// </summary>
internal sealed class ImageLife(Ec2Region region)
{
    private static readonly TimeSpan ToCaptured = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ToCopied = TimeSpan.FromSeconds(40);

    private LocalCloudAccount Account => region.State.Account;

    /// <summary>Captures an instance's disk. A running one is shut down for it and started again, unless its disk may be torn.</summary>
    public void Capture(Image image, Instance instance, bool mayReboot)
    {
        var guest = instance.Machine.Guest;
        var isRestarted = instance.State == InstanceState.Running && mayReboot;
        var waits = Begin(image, ToCaptured);
        if (isRestarted)
        {
            instance.Machine.BootedAt = null;
            instance.Lane.Do(guest.PowerOffAsync, done: () => { }, e => Fail(image, e));
        }

        instance.Lane.Do(ct => guest.CaptureAsync(image.DiskId, ct), waits.DiskIsThere, e => Fail(image, e));
        if (isRestarted)
        {
            region.Life.BootAgain(instance);
        }
    }

    public void Copy(Image image, Image source)
    {
        var disks = region.State.Disks;
        var waits = Begin(image, ToCopied);
        disks.Use(source.DiskId);
        new GuestLane(Account).Do(
            ct => Account.Guests.CopyDiskAsync(source.DiskId, image.DiskId, ct),
            () =>
            {
                disks.Release(source.DiskId);
                waits.DiskIsThere();
            },
            e =>
            {
                disks.Release(source.DiskId);
                Fail(image, e);
            }
        );
    }

    /// <summary>Makes an image available whose disk exists.</summary>
    public void Register(Image image)
    {
        region.Images.Add(image);
        Complete(image);
    }

    /// <summary>An instance that is terminated or rebooted takes the images with it that are still being made of it.</summary>
    public void OnDisturbed(Instance instance)
    {
        var unfinished = region.Images.Where(image => image.SourceInstanceId == instance.Id && image.State == ImageState.Pending).ToList();
        unfinished.ForEach(image => Fail(image, StateReason.TerminatedDuringCapture));
    }

    private Waits Begin(Image image, TimeSpan delay)
    {
        Hide(image, image.Name);
        Snapshots(image).ForEach(snapshot => Hide(snapshot, snapshot.Id));
        region.Images.Add(image);
        var waits = new Waits(() => Settle(image));
        var longer = Account.Faults.Find(FaultKind.ImageStuck, Subject(image))?.For ?? TimeSpan.Zero;
        Account.Clock.After(Account.Jitter(delay) + longer, waits.TimeIsOver);
        return waits;
    }

    private void Settle(Image image)
    {
        if (image.State != ImageState.Pending)
        {
            return;
        }

        var badKey = image.Devices.Any(device => device.KmsKeyId is { } key && !Account.Keys.IsUsableForDisk(region.Name, key));
        var failure =
            badKey ? StateReason.Of("Client.InternalError", "The KMS key cannot be used in this Region")
            : Account.Faults.Find(FaultKind.ImageFailed, Subject(image)) is { } fault ? StateReason.Of(fault.Code, fault.Message)
            : null;
        if (failure is null)
        {
            Complete(image);
        }
        else
        {
            Fail(image, failure);
        }
    }

    private FaultSubject Subject(Image image) => new(region.Name, "image", image.Name);

    private void Hide(Resource made, string name) =>
        made.VisibleFrom = Account.Clock.Now + Account.Faults.Hiding(new(region.Name, made.Type, name));

    private void Complete(Image image)
    {
        image.State = ImageState.Available;
        Snapshots(image).ForEach(snapshot => snapshot.Complete(Account.Clock.Now));
        region.State.Shelf.Keep(region, image);
    }

    private void Fail(Image image, Exception failure) => Fail(image, StateReason.Of("Server.InternalError", failure.Message));

    private void Fail(Image image, StateReason reason)
    {
        if (image.State == ImageState.Pending)
        {
            (image.State, image.Reason) = (ImageState.Failed, reason);
            Snapshots(image).ForEach(snapshot => (snapshot.State, snapshot.StateMessage) = ("error", reason.Message));
        }
    }

    private List<Snapshot> Snapshots(Image image) =>
        image.Devices.Select(device => region.Snapshots.Find(device.SnapshotId ?? "")).OfType<Snapshot>().ToList();

    /// <summary>EC2's time and the guest's: an image is there when both are over.</summary>
    private sealed class Waits(Action settle)
    {
        private int _open = 2;

        public void TimeIsOver() => Close();

        public void DiskIsThere() => Close();

        private void Close()
        {
            if (--_open == 0)
            {
                settle();
            }
        }
    }
}
