using System.Diagnostics.CodeAnalysis;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.SQS.Model;
using BakeWorker.Aws.Errors;
using BakeWorker.Aws.Telemetry;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace BakeWorker.Aws.Resilience;

/// <summary>
/// What happens to every call of one service in one Region, from the outside in: repeated when it was throttled or broke, with growing, jittered
/// pauses; refused at once while the service is dead; held until the budget has room; cut off at its time limit. Nothing is repeated elsewhere.
/// Capacity errors are answers and pass through, although EC2 gives them HTTP 500.
/// </summary>
internal sealed class CallPolicy
{
    internal static readonly ResiliencePropertyKey<IExecutionContext> Execution = new("execution");
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(20);
    private readonly ResiliencePipeline _pipeline;
    private readonly TimeProvider _time;

    public CallPolicy(string service, string region, AwsOptions options, TimeProvider time, Func<double> random)
    {
        _time = time;
        var builder = new ResiliencePipelineBuilder { TimeProvider = time };
        if (options.CallRetries > 0)
        {
            builder.AddRetry(
                new RetryStrategyOptions
                {
                    MaxRetryAttempts = options.CallRetries,
                    BackoffType = DelayBackoffType.Exponential,
                    UseJitter = true,
                    Delay = TimeSpan.FromMilliseconds(250),
                    MaxDelay = LongestPause,
                    Randomizer = random,
                    ShouldHandle = static arguments =>
                        ValueTask.FromResult(IsWorthRepeating(arguments.Outcome.Exception, arguments.Context)),
                    DelayGenerator = static arguments => ValueTask.FromResult(RetryAfter.Find(arguments.Outcome.Exception, LongestPause)),
                    OnRetry = static arguments => CountRetry(arguments.Context),
                }
            );
        }

        builder.AddCircuitBreaker(Breaker.Options(service, region));
        var budgeted = AddBudget(builder, new BudgetStrategy(new Budget(service, options, time), region, time));
        _pipeline = AddFinishing(budgeted)
            .AddTimeout(
                new TimeoutStrategyOptions
                {
                    TimeoutGenerator = arguments =>
                        ValueTask.FromResult(options.CallTimeout + LongPoll(arguments.Context.Properties.GetValue(Execution, null!))),
                }
            )
            .Build();
    }

    /// <summary>Takes the place of the SDK's own retries in the pipeline of a client.</summary>
    public void Install(RuntimePipeline pipeline)
    {
        pipeline.ReplaceHandler<RetryHandler>(new RepeatingHandler(_pipeline));
        pipeline.AddHandler(new TranslatingHandler(_time));
    }

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Options without a member need no validation.")]
    private static ResiliencePipelineBuilder AddBudget(ResiliencePipelineBuilder builder, BudgetStrategy budget) =>
        builder.AddStrategy(_ => budget, new BudgetStrategyOptions());

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Options without a member need no validation.")]
    private static ResiliencePipelineBuilder AddFinishing(ResiliencePipelineBuilder builder) =>
        builder.AddStrategy(static _ => new FinishingStrategy(), new Finishing());

    // A receive that waits for messages is not slow.
    private static TimeSpan LongPoll(IExecutionContext execution) =>
        execution.RequestContext.OriginalRequest is ReceiveMessageRequest receive
            ? TimeSpan.FromSeconds(receive.WaitTimeSeconds ?? 0)
            : TimeSpan.Zero;

    private static bool IsWorthRepeating(Exception? exception, ResilienceContext context)
    {
        if (exception is AmazonServiceException aws)
        {
            return AwsErrors.Find(aws).Remedy == Remedy.Retry;
        }

        return exception is not null && AwsFailures.IsBroken(exception) && !context.CancellationToken.IsCancellationRequested;
    }

    private static ValueTask CountRetry(ResilienceContext context)
    {
        var execution = context.Properties.GetValue(Execution, null!);
        AwsTelemetry.Retried(Call.Service(execution), Call.Method(execution));
        return ValueTask.CompletedTask;
    }

    private sealed class Finishing : ResilienceStrategyOptions;
}
