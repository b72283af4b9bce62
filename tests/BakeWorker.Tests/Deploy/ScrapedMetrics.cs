using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using BakeWorker.Aws.Telemetry;
using BakeWorker.Core.Telemetry;
using BakeWorker.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace BakeWorker.Tests.Deploy;

/// <summary>What Prometheus gets from a worker: each metric by its names there, with the labels that it had in a bake.</summary>
internal sealed class ScrapedMetrics
{
    // Only what failed has the one; the other is the scraper's own.
    private static readonly string[] Always = [Label(BakeTelemetry.ErrorType), "le"];
    private readonly ConcurrentDictionary<Instrument, ConcurrentDictionary<string, bool>> _seen = new();

    private ScrapedMetrics() { }

    /// <summary>Everything that is counted while a bake is baked.</summary>
    public static ScrapedMetrics OfABake()
    {
        var metrics = new ScrapedMetrics();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name is BakeTelemetry.SourceName or AwsTelemetry.Name)
            {
                metrics._seen.TryAdd(instrument, new());
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => metrics.Note(instrument, tags));
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => metrics.Note(instrument, tags));
        listener.SetMeasurementEventCallback<int>((instrument, _, tags, _) => metrics.Note(instrument, tags));
        listener.Start();

        using var bakery = Bakery.Open();
        foreach (var type in typeof(BakeMetrics).Assembly.GetTypes().Where(IsMeasuring))
        {
            ActivatorUtilities.GetServiceOrCreateInstance(bakery.Get<IServiceProvider>(), type);
        }

        bakery.Bake();
        listener.RecordObservableInstruments();
        return metrics;
    }

    /// <summary>The labels that a metric can have; null for one that there is not.</summary>
    public IReadOnlySet<string>? FindLabels(string metric)
    {
        var labels = _seen.Where(seen => Names(seen.Key).Contains(metric)).Select(seen => seen.Value.Keys.Select(Label)).ToList();
        // What no bake happened to need had no labels yet; its own are among those that anything has.
        return labels.Count == 0 ? null
            : labels.Exists(own => own.Any()) ? labels.SelectMany(own => own).Concat(Always).ToHashSet()
            : Attributes().Select(Label).Concat(Always).ToHashSet();
    }

    /// <summary>Every attribute that spans and metrics can have.</summary>
    public static IEnumerable<string> OfSpans() =>
        typeof(BakeTelemetry).GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!);

    private IEnumerable<string> Attributes() =>
        _seen
            .Values.SelectMany(labels => labels.Keys)
            .Concat(OfSpans())
            .Concat(["bakeworker.action", "bakeworker.market", "bakeworker.resource", "host.type"]);

    private void Note(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = _seen.GetOrAdd(instrument, _ => new());
        foreach (var tag in tags)
        {
            labels.TryAdd(tag.Key, true);
        }
    }

    private static bool IsMeasuring(Type type) =>
        type.GetConstructors().Any(made => made.GetParameters().Any(given => given.ParameterType == typeof(IMeterFactory)));

    // As the exporter does: dots are underscores, the unit is part of the name, and what only grows is a total.
    private static string[] Names(Instrument instrument)
    {
        var name = Label(instrument.Name) + Unit(instrument.Unit);
        return instrument.GetType().Name switch
        {
            "Histogram`1" => [$"{name}_bucket", $"{name}_sum", $"{name}_count"],
            "Counter`1" or "ObservableCounter`1" => [$"{name}_total"],
            _ => [name],
        };
    }

    private static string Unit(string? unit) =>
        unit switch
        {
            null or "" => "",
            "s" => "_seconds",
            "1" => "_ratio",
            ['{', .., '}'] => "",
            "{call}/s" => "_per_second",
            _ => $"_{unit}",
        };

    private static string Label(string name) => name.Replace('.', '_');
}
