namespace BakeWorker.Simulation.Schedules;

/// <summary>Chance that is the same for the same seed. Every purpose has dice of its own, so that one more throw here changes nothing there.</summary>
public sealed class Dice(int seed, string purpose)
{
    private readonly Random _random = new(unchecked((seed * 486_187_739) + purpose.Aggregate(17, (hash, letter) => (hash * 31) + letter)));

    public double Next() => _random.NextDouble();

    public bool Hits(double share) => _random.NextDouble() < share;

    /// <summary>From the first number to the last, both included.</summary>
    public int Between(int first, int last) => _random.Next(first, last + 1);

    public TimeSpan Between(TimeSpan shortest, TimeSpan longest) => shortest + ((longest - shortest) * _random.NextDouble());

    public T Of<T>(params ReadOnlySpan<T> choices) => choices[_random.Next(choices.Length)];
}
