using System.Collections;
using BakeWorker.Core.Bakes;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Core.Telemetry;

/// <summary>
/// Which bake the running code works for, and on which stage of it: what every span and every log line of a bake carries, under the names that spans
/// have.
/// </summary>
public sealed class BakeScope : IReadOnlyList<KeyValuePair<string, object?>>
{
    private static readonly AsyncLocal<BakeScope?> Here = new();
    private readonly KeyValuePair<string, object?>[] _facts;

    private BakeScope(string recipe, string run, string stage) =>
        _facts = [new(BakeTelemetry.PipelineName, recipe), new(BakeTelemetry.RunId, run), new(BakeTelemetry.Stage, stage)];

    public static BakeScope? Current => Here.Value;

    public int Count => _facts.Length;

    public KeyValuePair<string, object?> this[int index] => _facts[index];

    public static BakeScope Of(Bake bake, string stage) => new(bake.Recipe.Name, bake.Id.Value, stage);

    /// <summary>Counts for everything that is done until the answer is disposed, on whichever thread.</summary>
    public static IDisposable Enter(ILogger logger, Bake bake, string stage)
    {
        var (before, scope) = (Here.Value, Of(bake, stage));
        Here.Value = scope;
        return new Left(before, logger.BeginScope(scope));
    }

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() =>
        ((IEnumerable<KeyValuePair<string, object?>>)_facts).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => string.Join(' ', _facts.Select(fact => fact.Value));

    private sealed class Left(BakeScope? before, IDisposable? log) : IDisposable
    {
        public void Dispose()
        {
            Here.Value = before;
            log?.Dispose();
        }
    }
}
