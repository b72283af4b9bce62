namespace BakeWorker.Core.Binding;

/// <summary>Guesses which of the known words somebody meant.</summary>
public static class Suggestion
{
    /// <summary>The nearest known word, or null when none is near enough to be meant.</summary>
    public static string? For(string written, IEnumerable<string> known)
    {
        var plain = Plain(written);
        return known
            .Select(word => (Word: word, Distance: Distance(plain, Plain(word))))
            .Where(c => c.Distance <= Math.Max(1, Math.Min(plain.Length, c.Word.Length) / 3))
            .OrderBy(c => c.Distance)
            .ThenBy(c => c.Word, StringComparer.Ordinal)
            .Select(c => c.Word)
            .FirstOrDefault();
    }

    /// <summary>", did you mean x?" or the list of what there is.</summary>
    public static string Hint(string written, IReadOnlyCollection<string> known, string what)
    {
        var meant = For(written, known);
        return meant is not null ? $"did you mean '{meant}'?" : $"{what} {string.Join(", ", known)}.";
    }

    private static string Plain(string word) =>
        string.Concat(word.Take(80).Where(c => c is not ('-' or '_' or ' ' or '.')).Select(char.ToLowerInvariant));

    // Damerau-Levenshtein (optimal string alignment): swapped neighbours are the commonest slip of the fingers.
    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            d[i, 0] = i;
        }

        for (var j = 0; j <= b.Length; j++)
        {
            d[0, j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                d[i, j] = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
                }
            }
        }

        return d[a.Length, b.Length];
    }
}
