using BakeWorker.Core.Bakes;
using BakeWorker.Core.Waiting;

namespace BakeWorker.Settings;

/// <summary>What the settings of taking requests and of waiting must satisfy.</summary>
internal static class PaceRules
{
    /// <summary>SQS ends any visibility 12 hours after the receive.</summary>
    private static readonly TimeSpan LongestFlight = TimeSpan.FromHours(12);

    private static readonly TimeSpan LongestVisibility = TimeSpan.FromHours(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    public static IEnumerable<string> Consumer(ConsumerOptions options)
    {
        if (options.Concurrency is < 1 or > 1000)
        {
            yield return SettingsRules.Broken("Consumer:Concurrency", options.Concurrency, "give 1 to 1000 bakes at a time");
        }

        if (options.Visibility < TimeSpan.FromSeconds(30))
        {
            yield return SettingsRules.Broken(
                "Consumer:Visibility",
                options.Visibility,
                "one slow heartbeat would hand bakes to a second worker; give at least 30 s"
            );
        }

        if (options.Visibility > LongestVisibility)
        {
            yield return SettingsRules.Broken(
                "Consumer:Visibility",
                options.Visibility,
                "nobody would go on with the bakes of a lost worker for so long; give at most 1 h"
            );
        }

        if (options.RetryDelay <= TimeSpan.Zero || options.RetryDelay > options.MaxRetryDelay)
        {
            yield return SettingsRules.Broken(
                "Consumer:RetryDelay",
                options.RetryDelay,
                $"the pause before another try must lie between 0 and Consumer:MaxRetryDelay ({options.MaxRetryDelay})"
            );
        }

        if (options.Weight is < 1 or > 100)
        {
            yield return SettingsRules.Broken(
                "Consumer:Weight",
                options.Weight,
                "give 1 to 100 receives from the request queue for one of the nightly queue"
            );
        }

        if (options.GiveUpAfter < TimeSpan.Zero)
        {
            yield return SettingsRules.Broken(
                "Consumer:GiveUpAfter",
                options.GiveUpAfter,
                "give 0s for no further try, or how long to try again"
            );
        }

        if (options.MaxRetryDelay > LongestFlight)
        {
            yield return SettingsRules.Broken("Consumer:MaxRetryDelay", options.MaxRetryDelay, "SQS hides a message for at most 12 h");
        }
    }

    public static IEnumerable<string> Waiting(WaitingOptions options)
    {
        if (options.Fast < TimeSpan.FromMilliseconds(20))
        {
            yield return SettingsRules.Broken("Waiting:Fast", options.Fast, "reading that often is throttled; give at least 20 ms");
        }

        if (options.Calm < options.Slow)
        {
            yield return SettingsRules.Broken(
                "Waiting:Calm",
                options.Calm,
                $"what is not due would be read more often than what is; give at least {options.Slow}"
            );
        }

        if (options.Calm > LongestPause || options.Patience > LongestPause)
        {
            yield return SettingsRules.Broken(
                "Waiting",
                $"Calm {options.Calm} and Patience {options.Patience}",
                "bakes would stand still for longer than an hour; give at most that"
            );
        }

        if (options.Patience < options.Calm)
        {
            yield return SettingsRules.Broken(
                "Waiting:Patience",
                options.Patience,
                $"one failed read would end a wait; give at least {options.Calm}"
            );
        }

        if (options.Slow < options.Fast)
        {
            yield return SettingsRules.Broken(
                "Waiting:Slow",
                options.Slow,
                $"images would be read more often than instances; give at least {options.Fast}"
            );
        }
    }
}
