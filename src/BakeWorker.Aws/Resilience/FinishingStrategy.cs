using BakeWorker.Aws.Errors;
using Polly;

namespace BakeWorker.Aws.Resilience;

/// <summary>
/// A call that has begun is finished, whoever stops waiting for it, so that a worker which stops knows what its last call did. None begins
/// after that. Calls to SQS change nothing of a bake, and a receive may wait long: they end at once.
/// </summary>
internal sealed class FinishingStrategy : ResilienceStrategy
{
    private const string Queue = "SQS";

    protected override async ValueTask<Outcome<TResult>> ExecuteCore<TResult, TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<TResult>>> callback,
        ResilienceContext context,
        TState state
    )
    {
        var execution = context.Properties.GetValue(CallPolicy.Execution, null!);
        if (Call.Service(execution) == Queue || context.CancellationToken.IsCancellationRequested)
        {
            return await callback(context, state);
        }

        var own = ResilienceContextPool.Shared.Get(CancellationToken.None);
        own.Properties.Set(CallPolicy.Execution, execution);
        try
        {
            var outcome = await callback(own, state);
            // No answer is nothing to know.
            return context.CancellationToken.IsCancellationRequested && outcome.Exception is { } broken && AwsFailures.IsBroken(broken)
                ? Outcome.FromException<TResult>(new OperationCanceledException(context.CancellationToken))
                : outcome;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(own);
        }
    }
}
