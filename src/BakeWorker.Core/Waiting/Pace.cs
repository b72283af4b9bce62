using System.Collections.Concurrent;

namespace BakeWorker.Core.Waiting;

/// <summary>
/// When to look next. Nothing known: after a tick, then ever later, a quarter of the time it has taken so far. Once things of the same name have
/// ended: calmly until just before they did, at every tick from then on, and calmly again when it is long overdue.
/// </summary>
public sealed class Pace(TimeSpan tick, TimeSpan calm)
{
    // Recipes times steps, far below this; the limit only keeps a mistake from growing without end.
    private const int MostNames = 10_000;
    private const double Earlier = 0.9;
    private readonly ConcurrentDictionary<string, (TimeSpan Expected, TimeSpan NotYet)> _learnt = new();

    /// <summary>
    /// The pause after a look: a tick, and one more for each further call that it took, so that a thousand bakes do not ask a thousand times as
    /// often as one.
    /// </summary>
    public TimeSpan Rest(int furtherCalls) => Min(tick * (1 + furtherCalls), calm);

    /// <summary>The pause before the first look: none when it may have ended by now, so that after a restart nobody waits for what is there.</summary>
    public TimeSpan First(string name, TimeSpan elapsed)
    {
        var due = _learnt.TryGetValue(name, out var learnt) ? learnt.Expected : tick;
        return elapsed >= due ? TimeSpan.Zero : Next(name, elapsed);
    }

    /// <summary>
    /// The pause before the next look at something that has been on its way for so long. Where a look takes many calls, calm is up to twice as long.
    /// </summary>
    public TimeSpan Next(string name, TimeSpan elapsed, int furtherCalls = 0)
    {
        var longest = calm * Math.Min(1 + (furtherCalls / 4.0), 2);
        if (!_learnt.TryGetValue(name, out var learnt))
        {
            return elapsed < tick ? tick - elapsed : Between(elapsed / 4);
        }

        var left = learnt.Expected - elapsed;
        return left > TimeSpan.Zero ? Min(left, longest) : Between(-left / 4);

        TimeSpan Between(TimeSpan pause) => Min(Max(pause, tick), longest);
    }

    /// <summary>It had ended when it was looked at; at the look before, if there was one, it had not.</summary>
    public void Learn(string name, TimeSpan elapsed, TimeSpan? notYet)
    {
        var due = _learnt.TryGetValue(name, out var learnt) ? learnt.Expected : tick;
        if (notYet is null && elapsed > due + tick)
        {
            // On its way long before anybody looked, as after a restart: how long it took nobody knows.
            return;
        }

        if (_learnt.Count > MostNames)
        {
            _learnt.Clear();
        }

        // Found at the first look, it may have ended well before: the next one is looked for a little earlier, down to what was seen unfinished.
        var floor = notYet ?? (learnt.NotYet < elapsed ? learnt.NotYet * 0.99 : TimeSpan.Zero);
        _learnt[name] = (notYet is null ? Max(elapsed * Earlier, Min(elapsed, floor + (tick / 2))) : elapsed, floor);
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
