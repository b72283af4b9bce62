using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using BakeWorker.Aws.Telemetry;

namespace BakeWorker.Board.Cloud;

/// <summary>The worker's budgets of AWS calls and the services that count as dead, as its own meter tells them.</summary>
internal sealed class CallBudgets : IDisposable
{
    private const string Level = "bakeworker.aws.budget.level";
    private const string Rate = "bakeworker.aws.budget.rate";
    private const string Breaker = "bakeworker.aws.breaker.open";

    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<(string Region, string Bucket), BoardBudget> _budgets = new();
    private readonly ConcurrentDictionary<(string Region, string Service), bool> _breakers = new();

    public CallBudgets()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == AwsTelemetry.Name && instrument.Name is Level or Rate or Breaker)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Measured(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Measured(instrument, value, tags));
        _listener.Start();
    }

    public IReadOnlyList<BoardBudget> Budgets =>
        [
            .. _budgets
                .Values.OrderBy(budget => budget.Region, StringComparer.Ordinal)
                .ThenBy(budget => budget.Bucket, StringComparer.Ordinal),
        ];

    /// <summary>Services that are not asked for a while, because they did not answer.</summary>
    public IReadOnlyList<string> Dead =>
        [
            .. _breakers
                .Where(breaker => breaker.Value)
                .Select(breaker => $"{breaker.Key.Service} in {breaker.Key.Region}")
                .Order(StringComparer.Ordinal),
        ];

    public void Dispose() => _listener.Dispose();

    private void Measured(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var region = Find(tags, "cloud.region");
        if (instrument.Name == Breaker)
        {
            _breakers[(region, Find(tags, "rpc.service"))] = value > 0;
            return;
        }

        var bucket = Find(tags, "bakeworker.bucket");
        // Each tells one half of it, and several calls at a time may.
        _budgets.AddOrUpdate((region, bucket), _ => With(new BoardBudget(region, bucket, 0, 0)), (_, before) => With(before));

        BoardBudget With(BoardBudget before) =>
            instrument.Name == Level ? before with { Calls = value } : before with { PerSecond = value };
    }

    private static string Find(ReadOnlySpan<KeyValuePair<string, object?>> tags, string name)
    {
        foreach (var (key, value) in tags)
        {
            if (key == name)
            {
                return value as string ?? "";
            }
        }

        return "";
    }
}

/// <summary>A bucket of calls after the last call that drew from it: how many more could be made at once, and how many come each second.</summary>
public sealed record BoardBudget(string Region, string Bucket, double Calls, double PerSecond);
