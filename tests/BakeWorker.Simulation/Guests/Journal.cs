namespace BakeWorker.Simulation.Guests;

/// <summary>A script that ran to its end on a disk.</summary>
internal sealed record JournalEntry(string Key, int ExitCode);

/// <summary>What truly happened on a disk, in order, and the markers that scripts left there. An image has the journal of its builder.</summary>
internal sealed class Journal
{
    private readonly List<JournalEntry> _entries;
    private readonly Dictionary<string, int> _markers;

    public Journal()
        : this([], []) { }

    private Journal(List<JournalEntry> entries, Dictionary<string, int> markers) => (_entries, _markers) = (entries, markers);

    public IReadOnlyList<JournalEntry> Entries => _entries;

    public int? FindMarker(string folder) => _markers.TryGetValue(folder, out var exit) ? exit : null;

    public void Ended(Envelope envelope, int exitCode)
    {
        _entries.Add(new JournalEntry(envelope.Folder, exitCode));
        if (envelope.HasMarker)
        {
            _markers[envelope.Folder] = exitCode;
        }
    }

    /// <summary>A copy of the disk at this moment.</summary>
    public Journal Copy() => new([.. _entries], new Dictionary<string, int>(_markers));
}
