using Amazon.Runtime;
using BakeWorker.Aws.Errors;
using BakeWorker.Aws.Telemetry;
using Polly;

namespace BakeWorker.Aws.Resilience;

/// <summary>Lets a try of a call begin when the budget has room for it, and tells the budget what AWS thinks of that.</summary>
internal sealed class BudgetStrategy(Budget budget, string region, TimeProvider time) : ResilienceStrategy
{
    protected override async ValueTask<Outcome<TResult>> ExecuteCore<TResult, TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<TResult>>> callback,
        ResilienceContext context,
        TState state
    )
    {
        var execution = context.Properties.GetValue(CallPolicy.Execution, null!);
        var bucket = budget.Find(Call.Method(execution));
        try
        {
            await WaitAsync(bucket, context.CancellationToken);
        }
        catch (OperationCanceledException cancelled)
        {
            return Outcome.FromException<TResult>(cancelled);
        }

        var outcome = await callback(context, state);
        if (outcome.Exception is AmazonServiceException aws && AwsErrors.Find(aws).IsThrottle)
        {
            AwsTelemetry.Throttled(Call.Service(execution), Call.Method(execution));
            bucket?.Slow();
        }

        return outcome;
    }

    private async ValueTask WaitAsync(TokenBucket? bucket, CancellationToken ct)
    {
        if (bucket is not null)
        {
            var start = time.GetTimestamp();
            await bucket.TakeAsync(ct);
            var (tokens, perSecond) = bucket.Level;
            AwsTelemetry.Budgeted(region, bucket.Name, time.GetElapsedTime(start), tokens, perSecond);
        }
    }
}

/// <summary>The budget has its settings in <see cref="AwsOptions"/>.</summary>
internal sealed class BudgetStrategyOptions : ResilienceStrategyOptions;
