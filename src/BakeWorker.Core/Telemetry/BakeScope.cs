using System.Collections;
using System.Diagnostics;
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

    private BakeScope(Bake bake, string stage)
    {
        Trace = BakeTelemetry.Parse(bake.TraceParent);
        _facts =
        [
            new(BakeTelemetry.PipelineName, bake.Recipe.Name),
            new(BakeTelemetry.RunId, bake.Id.Value),
            new(BakeTelemetry.Stage, stage),
        ];
    }

    public static BakeScope? Current => Here.Value;

    /// <summary>What all attempts at the bake continue; null without telemetry.</summary>
    public ActivityContext? Trace { get; }

    public int Count => _facts.Length;

    public KeyValuePair<string, object?> this[int index] => _facts[index];

    public static BakeScope Of(Bake bake, string stage) => new(bake, stage);

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
