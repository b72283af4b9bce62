namespace BakeWorker.LocalCloud.Ec2.Disks;

/// <summary>The guests' disks behind snapshots. One that a guest still runs from, or that is being copied, is removed only afterwards.</summary>
internal sealed class GuestDisks(LocalCloudAccount account)
{
    private readonly Dictionary<string, int> _users = [];
    private readonly HashSet<string> _doomed = [];

    public void Use(string diskId) => _users[diskId] = _users.GetValueOrDefault(diskId) + 1;

    public void Release(string diskId)
    {
        _users[diskId]--;
        if (_users[diskId] == 0)
        {
            _users.Remove(diskId);
            if (_doomed.Remove(diskId))
            {
                RemoveNow(diskId);
            }
        }
    }

    public void Remove(string diskId)
    {
        if (_users.ContainsKey(diskId))
        {
            _doomed.Add(diskId);
        }
        else
        {
            RemoveNow(diskId);
        }
    }

    // A disk that could not be removed is rubbish on the host, nothing that the cloud's users could mend.
    private void RemoveNow(string diskId) =>
        new GuestLane(account).Do(ct => account.Guests.RemoveDiskAsync(diskId, ct), done: () => { }, failed: _ => { });
}
