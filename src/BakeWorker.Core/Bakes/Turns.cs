namespace BakeWorker.Core.Bakes;

/// <summary>One attempt at a bake at a time in this worker. The same request may come in several messages, or again while its old attempt ends.</summary>
public sealed class Turns
{
    private readonly Lock _gate = new();
    private readonly Dictionary<BakeId, TaskCompletionSource> _inWork = [];

    /// <summary>Waits until nobody else here works on the bake; disposing the answer lets the next one.</summary>
    public async Task<IDisposable> TakeAsync(BakeId bake, Action waiting, CancellationToken ct)
    {
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        while (Enter(bake, mine) is { } other)
        {
            waiting();
            await other.Task.WaitAsync(ct);
        }

        return new Turn(() => Leave(bake, mine));
    }

    private TaskCompletionSource? Enter(BakeId bake, TaskCompletionSource mine)
    {
        lock (_gate)
        {
            return _inWork.TryAdd(bake, mine) ? null : _inWork[bake];
        }
    }

    private void Leave(BakeId bake, TaskCompletionSource mine)
    {
        lock (_gate)
        {
            _inWork.Remove(bake);
        }

        mine.SetResult();
    }

    private sealed class Turn(Action leave) : IDisposable
    {
        public void Dispose() => leave();
    }
}
