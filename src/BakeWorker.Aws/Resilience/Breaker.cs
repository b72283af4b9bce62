using Amazon.Runtime;
using BakeWorker.Aws.Errors;
using BakeWorker.Aws.Telemetry;
using Polly.CircuitBreaker;

namespace BakeWorker.Aws.Resilience;

/// <summary>When a service counts as dead: only broken servers and connections say so. Refusals, throttles and capacity are answers.</summary>
internal static class Breaker
{
    private static readonly TimeSpan FirstBreak = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestBreak = TimeSpan.FromMinutes(5);

    public static CircuitBreakerStrategyOptions Options(string service, string region) =>
        new()
        {
            Name = $"{service} in {region}",
            // One caller that repeats its call to the end is enough proof, and one bad minute of one caller among many is none.
            MinimumThroughput = 8,
            FailureRatio = 0.8,
            SamplingDuration = TimeSpan.FromMinutes(1),
            BreakDurationGenerator = static arguments => ValueTask.FromResult(BreakOf(arguments.HalfOpenAttempts)),
            ShouldHandle = static arguments =>
                ValueTask.FromResult(IsDead(arguments.Outcome.Exception) && !arguments.Context.CancellationToken.IsCancellationRequested),
            OnOpened = _ => Tell(service, region, isOpen: true),
            OnClosed = _ => Tell(service, region, isOpen: false),
        };

    private static bool IsDead(Exception? exception) =>
        exception switch
        {
            AmazonServiceException aws when aws.ErrorCode is { Length: > 0 } || (int)aws.StatusCode >= 300 => (int)aws.StatusCode >= 500
                && AwsErrors.Find(aws) is { Remedy: Remedy.Retry, IsThrottle: false },
            null => false,
            _ => AwsFailures.IsBroken(exception),
        };

    private static TimeSpan BreakOf(int probes)
    {
        var pause = FirstBreak * Math.Pow(2, Math.Min(probes, 10));
        return pause < LongestBreak ? pause : LongestBreak;
    }

    private static ValueTask Tell(string service, string region, bool isOpen)
    {
        AwsTelemetry.Broke(service, region, isOpen);
        return ValueTask.CompletedTask;
    }
}
