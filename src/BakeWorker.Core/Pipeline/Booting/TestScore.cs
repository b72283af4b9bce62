using System.Globalization;

namespace BakeWorker.Core.Pipeline.Booting;

/// <summary>What a test scored of 100, and how much of what it looked at had failed, where it says so.</summary>
public sealed record TestScore(double Value, int? Failed)
{
    /// <summary>Reads the last lines <c>score=</c> and <c>failed=</c> of what a test printed; null when it tells no score, or one that cannot be.</summary>
    public static TestScore? Parse(string output)
    {
        var lines = output.Split('\n').Select(line => line.Trim()).ToList();
        return
            double.TryParse(Last("score="), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            && value is >= 0 and <= 100
            ? new TestScore(
                value,
                int.TryParse(Last("failed="), NumberStyles.None, CultureInfo.InvariantCulture, out var failed) ? failed : null
            )
            : null;

        string? Last(string name) => lines.FindLast(line => line.StartsWith(name, StringComparison.Ordinal))?[name.Length..];
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"score {Value:0.##} of 100{(Failed is { } failed ? $", {failed} failed" : "")}");
}
