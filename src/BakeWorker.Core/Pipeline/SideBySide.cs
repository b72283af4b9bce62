using System.Runtime.ExceptionServices;

namespace BakeWorker.Core.Pipeline;

/// <summary>Runs stages beside each other: the first failure stops the others and is the one that is seen, whichever is awaited first.</summary>
public sealed class SideBySide(CancellationToken ct) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
    private readonly List<Task> _running = [];
    private ExceptionDispatchInfo? _first;

    public Task<T> Start<T>(Func<CancellationToken, Task<T>> stage)
    {
        var task = RunAsync(stage);
        _running.Add(task);
        return task;
    }

    /// <summary>Stops what still runs and waits for it: no stage outlives its bake.</summary>
    public async ValueTask DisposeAsync()
    {
        _stop.Cancel();
        await Task.WhenAll(_running)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        _stop.Dispose();
    }

    private async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> stage)
    {
        try
        {
            return await stage(_stop.Token);
        }
        catch (Exception exception)
        {
            Interlocked.CompareExchange(ref _first, ExceptionDispatchInfo.Capture(exception), null);
            _stop.Cancel();
            _first.Throw();
            throw;
        }
    }
}
