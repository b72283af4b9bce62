using System.Runtime.InteropServices;

namespace BakeWorker.Hosting;

/// <summary>The first SIGINT or SIGTERM asks to stop and clean up; the second ends the process at once.</summary>
public sealed class Signals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly IReadOnlyList<PosixSignalRegistration> _registrations;

    public Signals()
    {
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
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
        // Not cancelling the second one leaves it to the system's default, which is to end the process.
        context.Cancel = !_stop.IsCancellationRequested;
        if (context.Cancel)
        {
            // Whoever waits may continue on this thread; the signal's thread is not theirs.
            _ = _stop.CancelAsync();
        }
    }
}
