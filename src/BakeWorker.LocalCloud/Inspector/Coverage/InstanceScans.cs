using BakeWorker.LocalCloud.Guests;
using BakeWorker.LocalCloud.Inspector.Advisories;
using BakeWorker.LocalCloud.Inspector.Findings;
using BakeWorker.LocalCloud.Ssm.Agents;

namespace BakeWorker.LocalCloud.Inspector.Coverage;

/// <summary>
/// Agent-based scanning: some seconds after SSM knows an instance its package list is due for a first scan, later every half hour.
/// Machines are looked at whenever somebody asks Inspector anything. Call under the gate.
/// </summary>
internal sealed class InstanceScans(
    LocalCloudAccount account,
    IMachines machines,
    AgentRoster agents,
    InspectorBehavior behavior,
    AdvisoryBook advisories
)
{
    public static readonly TimeSpan Inventory = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan FirstScan = TimeSpan.FromSeconds(75);
    private static readonly TimeSpan Rescan = TimeSpan.FromMinutes(30);

    // Inspector forgets a terminated instance after three days.
    private static readonly TimeSpan Retention = TimeSpan.FromDays(3);
    private readonly SortedDictionary<string, InstanceScan> _scans = new(StringComparer.Ordinal);

    /// <summary>Every instance of the Region that Inspector knows, brought up to date.</summary>
    public IReadOnlyList<InstanceScan> List(string region)
    {
        foreach (var machine in machines.List(region).Where(machine => machine.IsRunning && !_scans.ContainsKey(machine.InstanceId)))
        {
            _scans[machine.InstanceId] = new InstanceScan(machine);
        }

        var scans = _scans.Values.Where(scan => scan.Machine.Region == region).ToList();
        scans.ForEach(Refresh);
        return scans.Where(scan => _scans.ContainsKey(scan.Machine.InstanceId)).ToList();
    }

    public TimeSpan Scaled(TimeSpan delay) => delay / account.Options.Speed;

    private void Refresh(InstanceScan scan)
    {
        if (scan.Machine.IsGone)
        {
            scan.GoneAt ??= Close(scan);
            if (account.Clock.Now - scan.GoneAt > Retention)
            {
                _scans.Remove(scan.Machine.InstanceId);
            }
        }
        else if (!scan.IsScheduled && IsEligible(scan) && agents.OnlineSince(scan.Machine) is { } since)
        {
            var due = scan.ScannedAt is { } last ? last + Scaled(Rescan) : since + Scaled(FirstScan);
            scan.IsScheduled = true;
            account.Clock.AfterReal(due - account.Clock.Now, () => Scan(scan));
        }
    }

    public bool IsEligible(InstanceScan scan) => behavior.IsEnabled && !IsExcluded(scan) && behavior.InstanceScanFailure is null;

    public static bool IsExcluded(InstanceScan scan) => scan.Machine.Tags.ContainsKey("InspectorEc2Exclusion");

    private void Scan(InstanceScan scan)
    {
        if (behavior.NeverFinishes || !IsEligible(scan) || agents.OnlineSince(scan.Machine) is null)
        {
            scan.IsScheduled = false;
            return;
        }

        account.Clock.Outside(() => _ = ScanAsync(scan));
    }

    private async Task ScanAsync(InstanceScan scan)
    {
        PackageList? packages = null;
        var hasFailed = false;
        try
        {
            packages = await scan.Machine.Guest.ReadPackagesAsync(CancellationToken.None);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The guest went away under the scan, or cannot be read now: the next look tries again.
            hasFailed = true;
        }

        lock (account.Gate)
        {
            scan.IsScheduled = false;
            if (!hasFailed && !scan.Machine.IsGone)
            {
                Conclude(scan, packages);
            }
        }
    }

    private void Conclude(InstanceScan scan, PackageList? packages)
    {
        // Nothing here knows Windows updates: a Windows instance is scanned and has no findings.
        scan.IsUnsupported = packages is null && !scan.Machine.IsWindows;
        scan.Ecosystem = packages?.Ecosystem ?? "";
        scan.ScannedAt = account.Clock.Now;
        var matches = packages is null ? [] : advisories.Find(packages);
        foreach (var match in matches)
        {
            if (!scan.Findings.TryGetValue(match.Advisory.Id, out var finding))
            {
                scan.Findings[match.Advisory.Id] = finding = new Finding(NewArn(scan.Machine.Region), match.Advisory, account.Clock.Now);
            }

            (finding.Packages, finding.IsClosed) = (match.Packages, false);
            (finding.LastObservedAt, finding.UpdatedAt) = (account.Clock.Now, account.Clock.Now);
        }

        Close(scan.Findings.Values.Where(finding => matches.All(match => match.Advisory.Id != finding.Advisory.Id)));
    }

    private DateTimeOffset Close(InstanceScan scan)
    {
        Close(scan.Findings.Values);
        return account.Clock.Now;
    }

    private void Close(IEnumerable<Finding> findings)
    {
        foreach (var finding in findings.Where(finding => !finding.IsClosed))
        {
            (finding.IsClosed, finding.UpdatedAt) = (true, account.Clock.Now);
        }
    }

    private string NewArn(string region) => $"arn:aws:inspector2:{region}:{account.Options.AccountId}:finding/{account.NewHex(32)}";
}
