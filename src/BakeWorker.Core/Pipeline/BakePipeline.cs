using BakeWorker.Core.Cloud;

namespace BakeWorker.Core.Pipeline;

/// <summary>The life of a bake, in the order it happens. Safe to run again from the top, and on two workers at once.</summary>
public sealed class BakePipeline(ICloud cloud, StageRunner runner, StageSet stages, Release release)
{
    /// <summary>What was published; null when a bake was asked for only if something changed, and nothing had.</summary>
    public async Task<PublishedImage?> RunAsync(BakeRun run, CancellationToken ct)
    {
        // The image outlives its builder, so it is looked for first: a resumed bake must not build twice.
        var begun = await cloud.Home.Images.FindAsync(run.Bake.Id, ct);
        if (begun is { IsReleased: true })
        {
            return await FindPublishedAsync(run, begun, ct);
        }

        if (begun is { MayBeSeen: true })
        {
            run.Interruption.Close();
        }
        else if (begun is not null)
        {
            run.Interruption.Heed(begun.Tags);
            if (!run.Bake.IsAsRead(begun.Tags))
            {
                // An image names one digest, so there must be no two recipes in it.
                run.Note(stages.CaptureImage.Name, $"{begun.Id} is of the recipe before its last change: made anew");
                await release.ImagesAsync(run.Bake, wasPublishing: false, ct);
                begun = null;
            }
        }

        run.Because = begun?.Tags.GetValueOrDefault(ResourceTags.Because);

        var source = begun is null ? await BuildAsync(run, ct) : new CaptureSource(null, begun);
        if (source is null)
        {
            return null;
        }

        var image = await Stage(stages.CaptureImage, source, ct);

        await using var beside = new SideBySide(ct);
        var copies = beside.Start(t => Stage(stages.CopyImage, image, t));
        // A verdict with its proof stands: new evidence must not reject what an attempt that broke off may already have made visible.
        var judged = image.Image is { HasPassed: true, Proof: not null } ? (image, null) : await JudgeAsync();
        var passed = await Stage(stages.Attest, new JudgedImage(judged.Image, judged.Evidence, await copies), ct);
        var published = await Stage(stages.Publish, passed, ct);
        await Stage(stages.Retire, published, ct);
        return published;

        async Task<(CapturedImage Image, Evidence? Evidence)> JudgeAsync()
        {
            var tester = beside.Start(t => Stage(stages.LaunchTester, image, t));
            var booted = beside.Start(async t => await Stage(stages.BootTest, await tester, t));
            var scanned = beside.Start(async t => await Stage(stages.ScanImage, await tester, t));
            var evidence = await Evidence.Of(image, booted, scanned);
            return (await Stage(stages.Judge, evidence, ct), evidence);
        }

        Task<TOut> Stage<TIn, TOut>(IStage<TIn, TOut> stage, TIn input, CancellationToken token) =>
            runner.RunAsync(stage, run, input, token);
    }

    /// <summary>What any attempt at this bake has published; null when none has.</summary>
    public async Task<PublishedImage?> FindPublishedAsync(BakeRun run, CancellationToken ct) =>
        await cloud.Home.Images.FindAsync(run.Bake.Id, ct) is { IsReleased: true } home ? await FindPublishedAsync(run, home, ct) : null;

    // Home is released last of all, so this bake was done before its message could be deleted: what is left is to say so again.
    private async Task<PublishedImage> FindPublishedAsync(BakeRun run, Image home, CancellationToken ct)
    {
        run.Proof = home.Proof;
        var (publish, images) = (run.Bake.Recipe.Publish, new Dictionary<string, ImageId> { [home.Region] = home.Id });
        foreach (var region in publish.Regions.Where(region => region != home.Region))
        {
            if (await cloud.In(region).Images.FindAsync(run.Bake.Id, ct) is { } copy)
            {
                images[region] = copy.Id;
            }
        }

        return new PublishedImage(images, publish.Pointer);
    }

    /// <summary>Everything before the first change to the cloud: what a dry run does.</summary>
    public async Task<PinnedBase> PinAsync(BakeRun run, CancellationToken ct)
    {
        var pinned = await runner.RunAsync(stages.PinBase, run, Nothing.Yet, ct);
        return await runner.RunAsync(stages.Preflight, run, pinned, ct);
    }

    private async Task<CaptureSource?> BuildAsync(BakeRun run, CancellationToken ct)
    {
        var pinned = await PinAsync(run, ct);
        // An attempt that launched a builder had found a reason to.
        run.Because = pinned.Builder?.Tags.GetValueOrDefault(ResourceTags.Because);
        if (run.Bake.Request.IfChanged && pinned.Builder is null)
        {
            var compared = await runner.RunAsync(stages.Compare, run, pinned, ct);
            if (compared.IsSame)
            {
                return null;
            }
        }

        var builder = await runner.RunAsync(stages.LaunchBuilder, run, pinned, ct);
        if (builder.Instance.IsSealed)
        {
            return new CaptureSource(builder.Instance, null);
        }

        var online = await runner.RunAsync(stages.AwaitAgent, run, builder, ct);
        var prepared = await runner.RunAsync(stages.ApplySteps, run, online, ct);
        var clean = await runner.RunAsync(stages.Clean, run, prepared, ct);
        return await runner.RunAsync(stages.Seal, run, clean, ct);
    }
}

/// <summary>The input of the first stage.</summary>
public readonly record struct Nothing
{
    public static readonly Nothing Yet;
}
