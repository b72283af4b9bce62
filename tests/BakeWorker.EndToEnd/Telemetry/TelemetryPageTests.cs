using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;
using System.Text.RegularExpressions;
using BakeWorker.Aws.Telemetry;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Sweeping;
using BakeWorker.Core.Telemetry;
using BakeWorker.EndToEnd.Scripted;
using BakeWorker.Testing;

namespace BakeWorker.EndToEnd.Telemetry;

/// <summary>docs/telemetry.md names every metric and attribute that there is, and none besides.</summary>
public sealed partial class TelemetryPageTests
{
    private static readonly string Page = File.ReadAllText(Checkout.File("docs/telemetry.md"));

    [Fact]
    public void Page_NamesTheMetricsThatThereAre_AndTheirAttributes()
    {
        var (published, measured) = Listen(out var listener);
        using (listener)
        {
            Bake(listener.RecordObservableInstruments);
        }

        var rows = Rows("metrics").ToDictionary(row => Names(row[0]).Single(), row => Names(row[2]).ToHashSet());
        rows.Keys.Should().BeEquivalentTo(published.Keys);
        foreach (var (metric, attributes) in measured)
        {
            attributes.Should().BeSubsetOf(rows[metric], metric);
        }

        measured
            .Keys.Should()
            .Contain(["bakeworker.image.age", "bakeworker.image.findings", "bakeworker.run.oldest_active_age", "cicd.worker.count"]);
        measured["cicd.pipeline.run.duration"].Should().Contain([BakeTelemetry.RunState, BakeTelemetry.Result]);
        rows.Values.SelectMany(names => names).Should().NotContain([BakeTelemetry.RunId, BakeTelemetry.InstanceId, BakeTelemetry.ImageId]);
    }

    [Fact]
    public void Page_NamesTheAttributesThatSpansHave()
    {
        var seen = new ConcurrentBag<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == BakeTelemetry.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = seen.Add,
        };
        ActivitySource.AddActivityListener(listener);

        Bake(() => { });

        var named = Rows("attributes").SelectMany(row => Names(row[0])).ToList();
        seen.SelectMany(span => span.TagObjects.Select(tag => tag.Key)).Distinct().Should().BeSubsetOf(named);
        var constants = typeof(BakeTelemetry)
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.IsLiteral)
            .Select(field => (string)field.GetRawConstantValue()!);
        var ofMetrics = Rows("metrics").SelectMany(row => Names(row[2]));
        named.Concat(ofMetrics).Should().Contain(constants.Except([BakeTelemetry.SourceName]));
        named.Should().BeSubsetOf(constants);
    }

    private static (ConcurrentDictionary<string, byte> Published, ConcurrentDictionary<string, ConcurrentHashSet> Measured) Listen(
        out MeterListener listener
    )
    {
        var (published, measured) = (new ConcurrentDictionary<string, byte>(), new ConcurrentDictionary<string, ConcurrentHashSet>());
        listener = new MeterListener
        {
            InstrumentPublished = (instrument, me) =>
            {
                if (instrument.Meter.Name is BakeTelemetry.SourceName or AwsTelemetry.Name)
                {
                    published[instrument.Name] = 0;
                    me.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Note(instrument, tags));
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Note(instrument, tags));
        listener.SetMeasurementEventCallback<int>((instrument, _, tags, _) => Note(instrument, tags));
        listener.Start();
        return (published, measured);

        void Note(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var known = measured.GetOrAdd(instrument.Name, _ => []);
            foreach (var tag in tags)
            {
                known.Add(tag.Key);
            }
        }
    }

    // One that is published, one that fails, a sweep, and a look at the figures, with everything in one queue.
    private static void Bake(Action afterwards)
    {
        using var office = new Office();
        office.Bakery.Scenario.Command("*/step/install/*").Fails(3).Times(1);
        office.Work(
            """{ "recipe": "debian-12-base", "requestId": "bad", "source": { "repository": "r", "revision": "1" } }""",
            """{ "recipe": "debian-12-base", "requestId": "good", "source": { "repository": "r", "revision": "1" } }"""
        );
        office.Results().Select(result => result.Outcome).Should().BeEquivalentTo([Outcome.Failed, Outcome.Published]);
        office.Run(async () =>
        {
            await office.Bakery.Get<Sweep>().RunAsync(apply: true, CancellationToken.None);
            await office.Bakery.Get<Figures>().LookAsync(CancellationToken.None);
        });
        afterwards();
    }

    private static IEnumerable<string[]> Rows(string mark)
    {
        var part = Page[
            Page.IndexOf($"<!-- {mark} -->", StringComparison.Ordinal)..Page.IndexOf($"<!-- end of {mark} -->", StringComparison.Ordinal)
        ];
        return part.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('|')[1..]);
    }

    private static IEnumerable<string> Names(string cell) => Quoted().Matches(cell).Select(match => match.Groups[1].Value);

    private sealed class ConcurrentHashSet : HashSet<string>
    {
        public new void Add(string value)
        {
            lock (this)
            {
                base.Add(value);
            }
        }
    }

    [GeneratedRegex("`([a-z][a-z0-9_.]+)`")]
    private static partial Regex Quoted();
}
