using System.Diagnostics;
using System.Runtime.InteropServices;

namespace BakeWorker.Hosting;

/// <summary>The first SIGINT, SIGTERM or SIGHUP asks to stop and clean up; another one, once a person can have seen the first's effect, ends the process at once.</summary>
public sealed class Signals : IDisposable
{
    // Shells and supervisors signal the process and its group, so one wish can arrive twice.
    private static readonly TimeSpan SameWish = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _stop = new();
    private long _first;
    private readonly IReadOnlyList<PosixSignalRegistration> _registrations;

    public Signals()
    {
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
            // The terminal was closed, or the connection to it broke.
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, Handle),
        ];
    }

    public CancellationToken Stop => _stop.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _stop.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        // A signal that is not cancelled does what it does by default: it ends the process.
        if (Interlocked.CompareExchange(ref _first, Stopwatch.GetTimestamp(), 0) is not 0 and var first)
        {
            context.Cancel = Stopwatch.GetElapsedTime(first) < SameWish;
            return;
        }

        context.Cancel = true;
        // Whoever waits may continue on this thread; the signal's thread is not theirs.
        _ = _stop.CancelAsync();
    }
}
