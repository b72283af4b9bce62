using BakeWorker.Core.Recipes;
using Cronos;

namespace BakeWorker.Core.Scheduling;

/// <summary>When a schedule falls due.</summary>
public static class Ticks
{
    // Nobody wants the bake of a tick that long ago more than that of the next one, and a schedule of every minute stays cheap to read.
    private static readonly TimeSpan Memory = TimeSpan.FromDays(32);

    /// <summary>
    /// The last tick after one moment up to another; null when there is none. Several that were missed are one. An hour that a time zone skips has
    /// its ticks when it is over; of one that comes twice, only the first counts for fixed times.
    /// </summary>
    public static DateTimeOffset? Latest(ScheduleSpec schedule, DateTimeOffset after, DateTimeOffset now)
    {
        var from = after < now - Memory ? now - Memory : after;
        if (from >= now)
        {
            return null;
        }

        var zone = TimeZoneInfo.FindSystemTimeZoneById(schedule.TimeZone);
        DateTimeOffset? last = null;
        foreach (var tick in CronExpression.Parse(schedule.Cron).GetOccurrences(from, now, zone, fromInclusive: false, toInclusive: true))
        {
            last = tick.ToUniversalTime();
        }

        return last;
    }
}
