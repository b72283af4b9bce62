namespace BakeWorker.Aws.Resilience;

/// <summary>Reads every page of a listing. A page may be empty and still name a next one.</summary>
internal static class Pages
{
    /// <summary><paramref name="read"/> takes the token of the page and answers its items and the next token.</summary>
    public static async Task<List<T>> ReadAllAsync<T>(Func<string?, Task<(IEnumerable<T>? Items, string? Next)>> read)
    {
        var all = new List<T>();
        string? token = null;
        do
        {
            var (items, next) = await read(token);
            all.AddRange(items ?? []);
            token = string.IsNullOrEmpty(next) ? null : next;
        } while (token is not null);

        return all;
    }

    /// <summary>By key, the last one seen: a listing that changes between two of its pages may show a thing on both.</summary>
    public static Dictionary<TKey, T> ToSeen<TKey, T>(this IEnumerable<T> items, Func<T, TKey> key)
        where TKey : notnull
    {
        var seen = new Dictionary<TKey, T>();
        foreach (var item in items)
        {
            seen[key(item)] = item;
        }

        return seen;
    }

    /// <summary>The same for many ids, some at a time.</summary>
    public static async Task<List<T>> ReadAllAsync<TId, T>(
        IEnumerable<TId> ids,
        int chunk,
        Func<TId[], string?, Task<(IEnumerable<T>? Items, string? Next)>> read
    )
    {
        var all = new List<T>();
        foreach (var some in ids.Distinct().Chunk(chunk))
        {
            all.AddRange(await ReadAllAsync(token => read(some, token)));
        }

        return all;
    }
}
