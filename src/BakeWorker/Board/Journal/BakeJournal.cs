using BakeWorker.Core.Bakes;
using BakeWorker.Core.Pipeline;

namespace BakeWorker.Board.Journal;

/// <summary>
/// What this worker saw of its own bakes, for as long as it lives. It is no record: whatever counts stands on the resources themselves, and a
/// worker that starts anew knows only what those tell.
/// </summary>
internal sealed class BakeJournal(TimeProvider time) : IBakeObserver
{
    /// <summary>Ended bakes that are remembered.</summary>
    public const int MostEnded = 500;

    /// <summary>Of those, the youngest whose evidence and results are remembered, too.</summary>
    public const int MostResults = 100;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, JournalEntry> _entries = [];
    private readonly LinkedList<JournalEntry> _ended = [];
    private long _version;

    /// <summary>Grows with every change.</summary>
    public long Version => Interlocked.Read(ref _version);

    public void Began(Bake bake)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue(bake.Id.Value, out var former))
            {
                _ended.Remove(former);
            }

            _entries[bake.Id.Value] = new JournalEntry(bake, time);
        }

        Interlocked.Increment(ref _version);
    }

    public void StageStarted(Bake bake, string stage) => Change(bake, entry => entry.Timeline.StageStarted(bake, stage));

    public void StageEnded(Bake bake, string stage, TimeSpan took, string? failure) =>
        Change(bake, entry => entry.Timeline.StageEnded(bake, stage, took, failure));

    public void Note(Bake bake, string stage, string text) => Change(bake, entry => entry.Timeline.Note(bake, stage, text));

    public void Ended(Bake bake, BakeResult? result, string? pause) =>
        Change(
            bake,
            entry =>
            {
                entry.End(result, pause);
                _ended.AddFirst(entry);
                Forget();
            }
        );

    /// <summary>Every bake that is remembered, in no order.</summary>
    public IReadOnlyList<BoardBake> List()
    {
        lock (_gate)
        {
            return [.. _entries.Values.Select(entry => entry.ToBoard())];
        }
    }

    /// <summary>What became of the bake; null while it runs, and when it is not remembered.</summary>
    public BakeResult? FindResult(string bakeId)
    {
        lock (_gate)
        {
            return _entries.GetValueOrDefault(bakeId)?.Result;
        }
    }

    private void Change(Bake bake, Action<JournalEntry> change)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue(bake.Id.Value, out var entry))
            {
                change(entry);
            }
        }

        Interlocked.Increment(ref _version);
    }

    private void Forget()
    {
        if (_ended.Count > MostEnded)
        {
            _entries.Remove(_ended.Last!.Value.BakeId);
            _ended.RemoveLast();
        }

        if (_ended.Count > MostResults)
        {
            _ended.ElementAt(MostResults).Result = null;
        }
    }
}
