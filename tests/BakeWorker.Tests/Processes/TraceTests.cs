using System.Text.Json;
using BakeWorker.Core.Bakes;
using BakeWorker.Testing;
using BakeWorker.Testing.Otlp;

namespace BakeWorker.Tests.Processes;

/// <summary>What a collector receives of a bake that CI asked for, over OTLP, from real processes.</summary>
public sealed class TraceTests : IAsyncLifetime
{
    private const string CiTrace = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static readonly string[] Stages =
    [
        "pin-base",
        "preflight",
        "launch-builder",
        "await-agent",
        "apply-steps",
        "clean",
        "seal",
        "capture-image",
        "copy-image",
        "launch-tester",
        "boot-test",
        "scan-image",
        "judge",
        "attest",
        "publish",
        "retire",
    ];
    private readonly string _folder = Directory.CreateTempSubdirectory("bakeworker-traces-").FullName;
    private readonly OtlpEndpoint _collector = new();
    private readonly Dictionary<string, string> _environment;
    private BakeWorkerProcess? _local;

    public TraceTests() =>
        _environment = new(_collector.Environment) { ["HOME"] = _folder, ["BAKEWORKER__RECIPES"] = Checkout.File("recipes") };

    public async ValueTask InitializeAsync()
    {
        // Only a cloud: what it is asked for is the worker's to tell.
        var quiet = new Dictionary<string, string>(_environment) { ["OTEL_SDK_DISABLED"] = "true" };
        _local = BakeWorkerProcess.Start(_folder, quiet, "local", "--no-worker", "--port", "0", "--guest", "scripted", "--speed", "30");
        foreach (var (name, value) in await _local.ReadExportsAsync())
        {
            _environment[name] = value;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _local!.DisposeAsync();
        await _collector.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact(Timeout = 300_000)]
    public async Task Bake_OfCi_IsOneTraceFromItsCommitToItsImage()
    {
        await using var worker = Hire("worker-1");
        await worker.UntilAsync("Takes requests");
        await using var submit = Submit("traced");

        (await submit.ExitAsync()).Should().Be(0, "{0}\n{1}", submit.Error, worker.Output);
        var spans = await SpansAsync("traced", TestContext.Current.CancellationToken);

        var sent = _collector.Spans.Single(span => span.Kind == OtlpSpan.Producer && span.Name == "send bake-requests");
        sent.TraceId.Should().Be(CiTrace, "CI's own trace goes on to the queue");
        var anchor = spans.Single(span => span.Kind == OtlpSpan.Consumer);
        anchor.Links.Should().Equal((sent.TraceId, sent.SpanId));
        JsonDocument.Parse(submit.Output).RootElement.GetProperty("traceId").GetString().Should().Be(anchor.TraceId);
        Whole(spans, anchor);
        spans
            .Where(span => span.Attributes.ContainsKey("cicd.pipeline.task.name"))
            .Select(span => span.Name)
            .Should()
            .BeEquivalentTo(Stages);
        Below(spans, "apply-steps").Select(span => span.Name).Should().Contain(["step patch", "step harden", "step install"]);
        Below(spans, "launch-builder").Should().Contain(span => span.Kind == OtlpSpan.Client && span.Name.Contains("RunInstances"));
        spans.Where(span => span.Name == "step patch").Should().OnlyContain(span => span["process.exit.code"] == "0");
        spans.Should().Contain(span => span.Name == "settle bake-requests" && span.Kind == OtlpSpan.Client);
        var build = spans.Single(span => span.Kind == OtlpSpan.Server);
        build.Name.Should().Be("BUILD debian-12-base");
        build["cicd.pipeline.result"].Should().Be("success");
        build["bakeworker.image.id"].Should().StartWith("ami-");
        build.StartedAt.Should().BeOnOrBefore(spans.Where(span => span != anchor).Min(span => span.StartedAt));
        build.EndedAt.Should().BeOnOrAfter(spans.Where(span => span["cicd.pipeline.task.name"] != null).Max(span => span.EndedAt));
        spans
            .SelectMany(span => span.Attributes.Values)
            .Should()
            .NotContain(value => value.Contains("apt-get") || value.Contains("BW_SCRIPT"));
    }

    [Fact(Timeout = 300_000)]
    public async Task Bake_WhoseWorkerWasKilledInTheMiddle_IsStillOneTrace()
    {
        await using var first = Hire("worker-1");
        await first.UntilAsync("Takes requests");
        await using var submit = Submit("killed");
        await first.UntilAsync("apply-steps started");
        await _collector.UntilAsync(span => span.Name == "await-agent", TestContext.Current.CancellationToken);

        first.Signal("KILL");
        await using var second = Hire("worker-2");

        (await submit.ExitAsync()).Should().Be(0, "{0}\n{1}", submit.Error, second.Output);
        var spans = await SpansAsync("killed", TestContext.Current.CancellationToken);
        var anchor = spans.Single(span => span.Kind == OtlpSpan.Consumer);
        Whole(spans, anchor, died: "worker-1");
        spans.Select(span => span.Resource["cicd.worker.id"]).Distinct().Should().BeEquivalentTo("worker-1", "worker-2");
        spans.Where(span => span.Name == "launch-builder").Should().HaveCount(2, "the second worker found what the first had launched");
        var build = spans.Single(span => span.Kind == OtlpSpan.Server);
        build["bakeworker.attempt"].Should().Be("2");
        build.StartedAt.Should().BeCloseTo(anchor.StartedAt, TimeSpan.FromSeconds(10), "it began with the first worker");
    }

    [Fact(Timeout = 300_000)]
    public async Task LogsAndMetrics_OfABake_GoWhereTheirOwnEndpointsSay()
    {
        foreach (var (name, value) in _collector.OtherSignals)
        {
            _environment[name] = value;
        }

        await using (var worker = Hire("worker-1"))
        {
            await worker.UntilAsync("Takes requests");
            await using var submit = Submit("logged");
            (await submit.ExitAsync()).Should().Be(0, "{0}\n{1}", submit.Error, worker.Output);
            await SpansAsync("logged", TestContext.Current.CancellationToken);
            // What is left is sent when it stops.
            worker.Signal("TERM");
            await worker.ExitAsync();
        }

        var bake = BakeId.For("debian-12-base", "logged").Value;
        var spans = _collector.Spans.Where(span => span["cicd.pipeline.run.id"] == bake && span.TraceId != CiTrace).ToList();
        var logs = _collector.Logs.Where(log => log["cicd.pipeline.run.id"] == bake).ToList();
        logs.Should().OnlyContain(log => log["cicd.pipeline.name"] == "debian-12-base");
        logs.Select(log => log["bakeworker.stage"]).Distinct().Should().Contain(Stages);
        _collector.Logs.Where(log => log.Text.Contains(bake)).Should().OnlyContain(log => log["cicd.pipeline.run.id"] == bake);
        logs.Should().OnlyContain(log => log.TraceId == spans[0].TraceId, "a line leads to its trace");
        _collector.Metrics.Should().Contain(["cicd.pipeline.run.duration", "bakeworker.stage.duration", "cicd.worker.count"]);
    }

    private BakeWorkerProcess Hire(string name) =>
        BakeWorkerProcess.Start(_folder, _environment, "run", "--set", $"Bakery:Worker={name}", "--set", "Consumer:Visibility=30s");

    private BakeWorkerProcess Submit(string requestId) =>
        BakeWorkerProcess.Start(
            _folder,
            new Dictionary<string, string>(_environment) { ["TRACEPARENT"] = $"00-{CiTrace}-00f067aa0ba902b7-01" },
            "submit",
            "debian-12-base",
            "--request-id",
            requestId,
            "--wait",
            "--timeout",
            "4m",
            "--json"
        );

    /// <summary>The spans of the bake's trace, once its closing one is there and everything had time to follow.</summary>
    private async Task<List<OtlpSpan>> SpansAsync(string requestId, CancellationToken ct)
    {
        var bake = BakeId.For("debian-12-base", requestId).Value;
        var build = await _collector.UntilAsync(span => span.Kind == OtlpSpan.Server && span["cicd.pipeline.run.id"] == bake, ct);
        await _collector.UntilAsync(span => span.TraceId == build.TraceId && span.Name.StartsWith("settle", StringComparison.Ordinal), ct);
        var spans = _collector.Spans;
        spans
            .Where(span => span["cicd.pipeline.run.id"] == bake && span.TraceId != CiTrace)
            .Should()
            .OnlyContain(span => span.TraceId == build.TraceId, "all attempts are one trace");
        return [.. spans.Where(span => span.TraceId == build.TraceId)];
    }

    // A worker that died took the spans with it that were open, so what is beneath them has lost its parent.
    private static void Whole(List<OtlpSpan> spans, OtlpSpan anchor, string? died = null)
    {
        var known = spans.Select(span => span.SpanId).ToHashSet();
        spans
            .Where(span => span != anchor && !known.Contains(span.ParentId) && span.Resource["cicd.worker.id"] != died)
            .Select(span => span.Name)
            .Should()
            .BeEmpty("every span has its parent");
        foreach (var attribute in new[] { "cicd.pipeline.name", "cicd.pipeline.run.id", "bakeworker.stage" })
        {
            spans.Where(span => span[attribute] is null).Select(span => span.Name).Should().BeEmpty("{0} is on every span", attribute);
        }
    }

    private static IEnumerable<OtlpSpan> Below(List<OtlpSpan> spans, string stage)
    {
        var top = spans.First(span => span.Name == stage);
        return spans.Where(span => span.ParentId == top.SpanId);
    }
}
