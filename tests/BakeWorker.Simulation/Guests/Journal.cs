using BakeWorker.LocalCloud.Guests;

namespace BakeWorker.Simulation.Guests;

/// <summary>A script that ran to its end on a disk.</summary>
internal sealed record JournalEntry(string Key, int ExitCode);

/// <summary>What truly happened on a disk, in order, and the markers that scripts left there. An image has the journal of its builder.</summary>
internal sealed class Journal
{
    private readonly List<JournalEntry> _entries;
    private readonly Dictionary<string, GuestExit> _markers;

    public Journal()
        : this([], []) { }

    private Journal(List<JournalEntry> entries, Dictionary<string, GuestExit> markers) => (_entries, _markers) = (entries, markers);

    public IReadOnlyList<JournalEntry> Entries => _entries;

    /// <summary>The answer that a script left there, with what it had said.</summary>
    public GuestExit? FindMarker(string folder) => _markers.GetValueOrDefault(folder);

    public void Ended(Envelope envelope, GuestExit exit)
    {
        _entries.Add(new JournalEntry(envelope.Folder, exit.ExitCode));
        if (envelope.HasMarker)
        {
            _markers[envelope.Folder] = exit;
        }
    }

    /// <summary>A copy of the disk at this moment.</summary>
    public Journal Copy() => new([.. _entries], new Dictionary<string, GuestExit>(_markers));
}
