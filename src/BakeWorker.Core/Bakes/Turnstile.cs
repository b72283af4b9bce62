using BakeWorker.Core.Cloud;

namespace BakeWorker.Core.Bakes;

/// <summary>
/// Room for bakes, shared by the queues. Whoever asks for requests has room for them first. When both queues ask and room is short, the request
/// queue goes first so many times for each of the nightly one; a turn that brought nothing is the other's.
/// </summary>
/// <param name="weight">Turns of the request queue for each of the nightly one; null where there is no nightly queue.</param>
public sealed class Turnstile(int room, int? weight)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Lane, (int Most, TaskCompletionSource<int> Granted)> _waiting = [];
    private int _free = room;
    private int _turn;
    private Lane? _emptyHanded;

    /// <summary>So little is free that a long wait with it in hand would keep the other queue waiting.</summary>
    public bool IsShort
    {
        get
        {
            lock (_gate)
            {
                return _free == 0;
            }
        }
    }

    /// <summary>Waits for room for at least one bake and answers for how many, at most <paramref name="most"/>.</summary>
    public async Task<int> TakeAsync(Lane lane, int most, CancellationToken ct)
    {
        TaskCompletionSource<int> granted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _waiting[lane] = (most, granted);
            Grant();
        }

        await using var giveUp = ct.Register(() => GiveUp(lane, granted));
        return await granted.Task;
    }

    /// <summary>A bake has ended.</summary>
    public void Return() => Return(1, emptyHanded: null);

    /// <summary>Room for which the queue had no message.</summary>
    public void ReturnUnused(Lane lane, int count, bool gotNone) => Return(count, gotNone ? lane : null);

    private void Return(int count, Lane? emptyHanded)
    {
        lock (_gate)
        {
            (_free, _emptyHanded) = (_free + count, emptyHanded ?? _emptyHanded);
            Grant();
        }
    }

    private void GiveUp(Lane lane, TaskCompletionSource<int> granted)
    {
        lock (_gate)
        {
            if (granted.TrySetCanceled())
            {
                _waiting.Remove(lane);
            }
        }
    }

    private void Grant()
    {
        while (_free > 0 && _waiting.Count > 0)
        {
            var lane = _waiting.Count == 1 ? _waiting.Keys.First() : Choose();
            var (most, granted) = _waiting[lane];
            // Half of it at most, so that the other queue can ask as well.
            var count = Math.Min(most, weight is null ? _free : (_free + 1) / 2);
            (_free, _emptyHanded) = (_free - count, null);
            _waiting.Remove(lane);
            granted.SetResult(count);
        }
    }

    private Lane Choose() =>
        _emptyHanded is { } none ? (none == Lane.Requests ? Lane.Nightly : Lane.Requests)
        : _turn++ % (weight + 1) < weight ? Lane.Requests
        : Lane.Nightly;
}
