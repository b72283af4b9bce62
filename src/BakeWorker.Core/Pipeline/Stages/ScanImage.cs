using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;
using BakeWorker.Core.Waiting;

namespace BakeWorker.Core.Pipeline.Stages;

/// <summary>Has Inspector scan the image or the instance of it, and answers only when the scan is provably done.</summary>
public sealed class ScanImage(ICloud cloud, Watchers watchers, GuestShell shell, TimeProvider time) : IStage<Tester, ScanReport>
{
    public string Name => "scan-image";

    public TimeSpan Budget(Bake bake) => bake.Recipe.Scan.Within;

    public async Task<ScanReport> RunAsync(BakeRun run, Tester tester, CancellationToken ct)
    {
        var source = run.Bake.Recipe.Scan.Source;
        // Looking after the tester meanwhile tells a lost one from a slow scan, and shows a wish to cancel.
        var findings = await shell.WhileAliveAsync(tester.Instance, token => ScanAsync(run.Bake, tester, token), ct);
        run.Note(
            Name,
            source == ScanSource.None ? "not scanned: the recipe says scan.source none" : $"{findings.Count} findings ({source})"
        );
        return new ScanReport(source, findings);
    }

    public BakeFailedException TimedOut(Bake bake, Tester tester) => Failures.ScanTimedOut(Budget(bake));

    private async Task<IReadOnlyList<Finding>> ScanAsync(Bake bake, Tester tester, CancellationToken ct) =>
        bake.Recipe.Scan.Source switch
        {
            ScanSource.None => [],
            ScanSource.Instance => await ScanInstanceAsync(bake, tester.Instance, ct),
            ScanSource.Image => await ScanImageAsync(tester.Image.Image, ct),
            _ => await ScanBothAsync(bake, tester, ct),
        };

    private async Task<IReadOnlyList<Finding>> ScanBothAsync(Bake bake, Tester tester, CancellationToken ct)
    {
        await using var beside = new SideBySide(ct);
        var ofInstance = beside.Start(t => ScanInstanceAsync(bake, tester.Instance, t));
        var ofImage = beside.Start(t => ScanImageAsync(tester.Image.Image, t));
        return [.. (await ofInstance).Concat(await ofImage).DistinctBy(finding => (finding.VulnerabilityId, finding.Package))];
    }

    private async Task<IReadOnlyList<Finding>> ScanInstanceAsync(Bake bake, Instance tester, CancellationToken ct)
    {
        var begun = new Begun($"{bake.Recipe.Name}/scan", tester.LaunchedAt ?? time.GetUtcNow());
        var status = await watchers.Home.Coverage.WaitAsync(tester.Id, begun, seen => IsConclusive(seen, tester), ct);
        if (status.State == ScanState.Failed)
        {
            await shell.CheckAliveAsync(tester, ct);
            throw Failures.ScanFailed($"instance {tester.Id}", status.Reason);
        }

        // Findings trail the coverage row: they count once two reads in a row agree.
        var previous = -1;
        return await watchers.Home.Findings.WaitAsync(
            tester.Id,
            seen =>
            {
                var isSettled = seen.Count == previous;
                previous = seen.Count;
                return isSettled;
            },
            ct
        );
    }

    private async Task<IReadOnlyList<Finding>> ScanImageAsync(Image image, CancellationToken ct)
    {
        var scan = await cloud.Home.Scans.EnsureImageScanAsync(image.Id, ct);
        var status = await watchers.Home.ImageScans.WaitAsync(scan, seen => seen.State != ScanState.Running, ct);
        return status.State == ScanState.Done
            ? await watchers.Home.ImageFindings.WaitAsync(new ScannedImage(image.Id, image.CreatedAt ?? default), _ => true, ct)
            : throw Failures.ScanFailed($"image {image.Id}", status.Reason);
    }

    private static bool IsConclusive(ScanStatus seen, Instance tester) =>
        seen.State == ScanState.Failed || (seen.State == ScanState.Done && seen.ScannedAt >= tester.LaunchedAt);
}
