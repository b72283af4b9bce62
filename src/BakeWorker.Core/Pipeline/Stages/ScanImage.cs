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
        var findings = await shell.WhileAliveAsync(tester.Instance, token => ScanAsync(run, tester, token), ct);
        run.Note(
            Name,
            source == ScanSource.None ? "not scanned: the recipe says scan.source none" : $"{findings.Count} findings ({source})"
        );
        return new ScanReport(source, findings);
    }

    public BakeFailedException TimedOut(BakeRun run, Tester tester) => Failures.ScanTimedOut(Budget(run.Bake), run.ScanReason);

    private async Task<IReadOnlyList<Finding>> ScanAsync(BakeRun run, Tester tester, CancellationToken ct) =>
        run.Bake.Recipe.Scan.Source switch
        {
            ScanSource.None => [],
            ScanSource.Instance => await ScanInstanceAsync(run, tester.Instance, ct),
            ScanSource.Image => await ScanImageAsync(run, tester.Image.Image, ct),
            _ => await ScanBothAsync(run, tester, ct),
        };

    // The instance's findings tell more of the same thing, so they come first; but whichever of the two sees it worse is believed.
    private async Task<IReadOnlyList<Finding>> ScanBothAsync(BakeRun run, Tester tester, CancellationToken ct)
    {
        await using var beside = new SideBySide(ct);
        var ofInstance = beside.Start(t => ScanInstanceAsync(run, tester.Instance, t));
        var ofImage = beside.Start(t => ScanImageAsync(run, tester.Image.Image, t));
        return
        [
            .. (await ofInstance)
                .Concat(await ofImage)
                .GroupBy(finding => (finding.VulnerabilityId, finding.Package))
                .Select(same =>
                    same.First() with
                    {
                        Severity = Worst(same.Select(finding => finding.Severity)),
                        IsSuppressed = same.All(finding => finding.IsSuppressed),
                        IsFixable = same.Any(finding => finding.IsFixable),
                        Score = same.Max(finding => finding.Score),
                    }
                ),
        ];
    }

    // Who has rated it knows more than who has not.
    private static Severity Worst(IEnumerable<Severity> severities) =>
        severities.Where(severity => severity != Severity.Untriaged).DefaultIfEmpty(Severity.Untriaged).Max();

    private async Task<IReadOnlyList<Finding>> ScanInstanceAsync(BakeRun run, Instance tester, CancellationToken ct)
    {
        var (what, begun) = ($"instance {tester.Id}", new Begun($"{run.Bake.Recipe.Name}/scan", tester.LaunchedAt ?? time.GetUtcNow()));
        var status = await watchers.Home.Coverage.WaitAsync(tester.Id, begun, seen => Note(run, what, seen) && IsConclusive(seen), ct);
        if (status.State == ScanState.Failed)
        {
            await shell.CheckAliveAsync(tester, ct);
            throw Failures.ScanFailed(what, status);
        }

        return await watchers.Home.Findings.WaitAsync(tester.Id, Settled(), ct);

        // A scan of before the launch is one of something else that had this id, or none at all.
        bool IsConclusive(ScanStatus seen) =>
            seen.State == ScanState.Failed
            || (
                (seen.State == ScanState.Done || (seen.State == ScanState.Partial && run.Bake.Recipe.Scan.Partial))
                && seen.ScannedAt >= tester.LaunchedAt
            );
    }

    private async Task<IReadOnlyList<Finding>> ScanImageAsync(BakeRun run, Image image, CancellationToken ct)
    {
        var (what, scan) = ($"image {image.Id}", await cloud.Home.Scans.EnsureImageScanAsync(image.Id, ct));
        var status = await watchers.Home.ImageScans.WaitAsync(
            scan,
            seen => Note(run, what, seen) && seen.State is ScanState.Done or ScanState.Failed,
            ct
        );
        return status.State == ScanState.Done
            ? await watchers.Home.ImageFindings.WaitAsync(new ScannedImage(image.Id, image.CreatedAt ?? default), Settled(), ct)
            : throw Failures.ScanFailed(what, status);
    }

    // Findings trail the end of a scan: they count once two reads in a row agree.
    private static Func<IReadOnlyList<Finding>, bool> Settled()
    {
        var previous = -1;
        return seen =>
        {
            var isSettled = seen.Count == previous;
            previous = seen.Count;
            return isSettled;
        };
    }

    private static bool Note(BakeRun run, string what, ScanStatus seen)
    {
        run.ScanReason = $"{what}: {seen.Reason}";
        return true;
    }
}
