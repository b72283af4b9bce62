using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;

namespace BakeWorker.Core.Pipeline;

/// <summary>The attempts that this worker has in work, so that every read which shows one of their resources can also show that it must end.</summary>
public sealed class Interruptions(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<Interruption>> _running = [];

    public Interruption Begin(Bake bake, CancellationToken ct)
    {
        var interruption = new Interruption(bake, time, LetGo, ct);
        lock (_gate)
        {
            if (!_running.TryGetValue(bake.Id.Value, out var attempts))
            {
                _running[bake.Id.Value] = attempts = [];
            }

            attempts.Add(interruption);
        }

        return interruption;
    }

    /// <summary>The same read, whose answers are looked at in passing.</summary>
    public Func<IReadOnlyCollection<TKey>, CancellationToken, Task<IReadOnlyDictionary<TKey, TSeen>>> Watch<TKey, TSeen>(
        Func<IReadOnlyCollection<TKey>, CancellationToken, Task<IReadOnlyDictionary<TKey, TSeen>>> read,
        Func<TSeen, IReadOnlyDictionary<string, string>> tags
    )
        where TKey : notnull =>
        async (keys, ct) =>
        {
            var seen = await read(keys, ct);
            foreach (var view in seen.Values)
            {
                See(tags(view));
            }

            return seen;
        };

    private void See(IReadOnlyDictionary<string, string> tags)
    {
        Interruption[] attempts;
        lock (_gate)
        {
            attempts =
                tags.TryGetValue(ResourceTags.BakeId, out var bake) && _running.TryGetValue(bake, out var running) ? [.. running] : [];
        }

        foreach (var attempt in attempts)
        {
            attempt.See(tags);
        }
    }

    private void LetGo(Interruption interruption)
    {
        lock (_gate)
        {
            if (_running.TryGetValue(interruption.Bake.Value, out var attempts) && attempts.Remove(interruption) && attempts.Count == 0)
            {
                _running.Remove(interruption.Bake.Value);
            }
        }
    }
}
