using System.Diagnostics.CodeAnalysis;

namespace BakeWorker.LocalCloud.Guests.Host;

/// <summary>How a boot ended.</summary>
internal enum BootEnd
{
    PoweredOff,
    Restarts,
    Died,
}

/// <summary>A guest from one boot to its end.</summary>
internal interface IGuestBoot
{
    /// <summary>Ends when nothing of the guest runs any more.</summary>
    Task<BootEnd> Ended { get; }

    /// <summary>Returns when the guest's agent could answer; throws <see cref="GuestBootException"/> when it never will.</summary>
    Task ReadyAsync(CancellationToken ct);

    /// <summary>Ends it in order, and when that takes too long, at once.</summary>
    Task StopAsync(bool restarts);

    /// <summary>Ends everything in the guest at once.</summary>
    Task KillAsync();
}

/// <summary>The power switch of a guest: whoever presses it waits for whoever pressed it before.</summary>
/// <param name="start">Starts a boot.</param>
/// <param name="onPoweredOff">Hears that the guest ended by itself and is off.</param>
[SuppressMessage("Design", "CA1001", Justification = "Nobody takes a wait handle of either, so there is nothing to give back.")]
internal sealed class GuestPower<TBoot>(Func<CancellationToken, Task<TBoot>> start, Action onPoweredOff)
    where TBoot : class, IGuestBoot
{
    private readonly SemaphoreSlim _turn = new(1);
    private TBoot? _boot;
    private Task _watch = Task.CompletedTask;
    private CancellationTokenSource _unasked = new();
    private bool _isOver;

    /// <summary>The boot that runs now, as far as that is known without waiting; null while it is off.</summary>
    public TBoot? Boot => _boot;

    public Task StartAsync(CancellationToken ct) => InTurnAsync(() => BootAsync(ct), ct);

    public Task RestartAsync(CancellationToken ct)
    {
        CancelUnasked();
        return InTurnAsync(
            async () =>
            {
                await EndAsync(restarts: true);
                await BootAsync(ct);
            },
            ct
        );
    }

    public Task StopAsync(CancellationToken ct)
    {
        CancelUnasked();
        return InTurnAsync(() => EndAsync(restarts: false), ct);
    }

    /// <summary>The boot that runs now; one that restarts itself is waited for. Null when the guest is off.</summary>
    public async Task<TBoot?> FindAsync(CancellationToken ct)
    {
        while (true)
        {
            TBoot? boot = null;
            var watch = _watch;
            await InTurnAsync(() => Task.FromResult((boot, watch) = (_boot, _watch)), ct);
            if (boot is null || !boot.Ended.IsCompleted)
            {
                return boot;
            }

            await watch.WaitAsync(ct);
        }
    }

    /// <summary>Does something while nobody presses the switch.</summary>
    public async Task InTurnAsync(Func<Task> action, CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            await action();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Cuts the power for good, then does the rest; the second time it does nothing.</summary>
    public Task DisposeAsync(Func<Task> rest)
    {
        CancelUnasked();
        return InTurnAsync(
            async () =>
            {
                if (_isOver)
                {
                    return;
                }

                _isOver = true;
                if (_boot is { } boot)
                {
                    _boot = null;
                    await boot.KillAsync();
                }

                await rest();
            },
            CancellationToken.None
        );
    }

    /// <summary>A boot that nobody asked for need not come to its end before somebody's wish is heard.</summary>
    private void CancelUnasked() => Interlocked.Exchange(ref _unasked, new CancellationTokenSource()).Cancel();

    private async Task BootAsync(CancellationToken ct)
    {
        ObjectDisposedException.ThrowIf(_isOver, this);
        if (_boot is not null)
        {
            return;
        }

        var boot = await start(ct);
        (_boot, _watch) = (boot, Task.CompletedTask);
        try
        {
            await boot.ReadyAsync(ct);
        }
        catch (GuestBootException) when (!boot.Ended.IsCompleted)
        {
            // It runs and says nothing: its console and screen are all there is to see, so it stays on.
            _watch = WatchAsync(boot);
            throw;
        }
        catch
        {
            _boot = null;
            await boot.KillAsync();
            throw;
        }

        _watch = WatchAsync(boot);
    }

    private async Task EndAsync(bool restarts)
    {
        if (_boot is { } boot)
        {
            // Whoever watches this boot sees that its end was asked for.
            _boot = null;
            await boot.StopAsync(restarts);
        }
    }

    /// <summary>An end that nobody outside asked for: the guest restarts as a computer would, or is off.</summary>
    private async Task WatchAsync(TBoot boot)
    {
        var end = await boot.Ended;
        var isOff = false;
        await InTurnAsync(
            async () =>
            {
                if (_boot != boot)
                {
                    return;
                }

                _boot = null;
                isOff = end != BootEnd.Restarts || !await TryRestartAsync();
            },
            CancellationToken.None
        );
        if (isOff)
        {
            onPoweredOff();
        }
    }

    private async Task<bool> TryRestartAsync()
    {
        try
        {
            await BootAsync(_unasked.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
        catch (GuestBootException)
        {
            // The console says why; a computer that does not come back is as good as off.
            return _boot is not null;
        }
    }
}
