using BakeWorker.Core.Bakes;

namespace BakeWorker.Core.Pipeline;

/// <summary>
/// One stage of a bake. Its input can only come from the stages before it. Running it again finds what it made before.
/// It holds no retry, no sleep and no clean-up: those have one place each.
/// </summary>
public interface IStage<in TIn, TOut>
{
    /// <summary>As in docs/life-of-a-bake.md, traces and results.</summary>
    string Name { get; }

    /// <summary>The longest this stage may take.</summary>
    TimeSpan Budget(Bake bake);

    Task<TOut> RunAsync(BakeRun run, TIn input, CancellationToken ct);

    /// <summary>The failure to report when the budget is used up.</summary>
    BakeFailedException TimedOut(BakeRun run, TIn input) => Failures.StageTimedOut(Name, Budget(run.Bake));
}
