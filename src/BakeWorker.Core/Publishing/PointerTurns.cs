using System.Collections.Concurrent;

namespace BakeWorker.Core.Publishing;

/// <summary>One bake of this worker at a time moves a pointer: a parameter takes one change at a time, and a hundred bakes of a recipe would only refuse each other.</summary>
internal sealed class PointerTurns
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _turns = new();

    /// <summary>Runs the work when everybody who asked before is done.</summary>
    public async Task TakeAsync(string what, Func<Task> work, CancellationToken ct)
    {
        var turn = _turns.GetOrAdd(what, _ => new SemaphoreSlim(1, 1));
        await turn.WaitAsync(ct);
        try
        {
            await work();
        }
        finally
        {
            turn.Release();
        }
    }
}
