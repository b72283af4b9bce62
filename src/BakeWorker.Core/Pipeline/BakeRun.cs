using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Pipeline.Booting;
using BakeWorker.Core.Policies;
using BakeWorker.Core.Skipping;

namespace BakeWorker.Core.Pipeline;

/// <summary>How one stage of this attempt went. <paramref name="Result"/> is a CI/CD convention word: success, failure, error, timeout, cancellation.</summary>
public sealed record StageRecord(string Name, string Result, DateTimeOffset StartedAt, double Seconds);

/// <summary>An attempt while it happens: the bake, who watches it, and the notes its result is written from. Nothing here decides anything.</summary>
public sealed class BakeRun(Bake bake, IBakeObserver observer, Interruption interruption)
{
    private readonly Lock _gate = new();
    private readonly List<StageRecord> _stages = [];
    private readonly List<BootCheck> _checks = [];

    public Bake Bake { get; } = bake;
    public IBakeObserver Observer { get; } = observer;
    public Interruption Interruption { get; } = interruption;

    public IReadOnlyList<StageRecord> Stages
    {
        get
        {
            lock (_gate)
            {
                return [.. _stages];
            }
        }
    }

    /// <summary>What the boot test has looked at so far.</summary>
    public IReadOnlyList<BootCheck> Checks
    {
        get
        {
            lock (_gate)
            {
                return [.. _checks];
            }
        }
    }

    public BaseImage? Base { get; set; }

    /// <summary>How it compared with the image in use; null when nobody asked.</summary>
    public Comparison? Comparison { get; set; }

    /// <summary>Why it was not skipped, also if an earlier attempt found it out; null when nobody asked.</summary>
    public string? Because { get; set; }
    public Judgement? Judgement { get; set; }

    /// <summary>What Inspector said last, for a scan that comes to no end.</summary>
    public string? ScanReason { get; set; }
    public IReadOnlyList<string>? Changes { get; set; }

    /// <summary><c>sha256:…</c> of the image's proof.</summary>
    public string? Proof { get; set; }
    public KeptBuilder? Kept { get; set; }

    /// <summary>The home image, once it is known.</summary>
    public ImageId? Image { get; set; }

    /// <summary>When the last stage had ended and the release began.</summary>
    public DateTimeOffset? ReleasedFrom { get; set; }

    /// <summary>Name of the stage that failed first; side-by-side stages fail after it only because they were stopped.</summary>
    public string? FailedStage { get; private set; }

    public void Add(StageRecord record)
    {
        lock (_gate)
        {
            _stages.Add(record);
            FailedStage ??= record.Result is "failure" or "error" or "timeout" ? record.Name : null;
        }
    }

    public void Add(BootCheck check)
    {
        lock (_gate)
        {
            _checks.Add(check);
        }
    }

    public void Note(string stage, string text) => Observer.Note(Bake, stage, text);
}
