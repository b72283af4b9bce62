using System.Net;
using System.Net.Sockets;

namespace BakeWorker.Testing.Otlp;

/// <summary>A collector on loopback that keeps the spans, log records and metric names it receives over OTLP/HTTP.</summary>
public sealed class OtlpEndpoint : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Lock _gate = new();
    private readonly List<OtlpSpan> _spans = [];
    private readonly List<OtlpLog> _logs = [];
    private readonly HashSet<string> _metrics = [];
    private readonly Task _serving;
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public OtlpEndpoint()
    {
        Url = $"http://127.0.0.1:{FreePort()}";
        _listener.Prefixes.Add($"{Url}/");
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Url { get; }

    /// <summary>What lets a process send its spans here, and soon.</summary>
    public IReadOnlyDictionary<string, string> Environment =>
        new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = $"{Url}/v1/traces",
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
        };

    /// <summary>The same for log records and metrics.</summary>
    public IReadOnlyDictionary<string, string> OtherSignals =>
        new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_LOGS_ENDPOINT"] = $"{Url}/v1/logs",
            ["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"] = $"{Url}/v1/metrics",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "1000",
        };

    public IReadOnlyList<OtlpSpan> Spans => Copy(_spans);

    public IReadOnlyList<OtlpLog> Logs => Copy(_logs);

    public IReadOnlyCollection<string> Metrics => Copy(_metrics);

    /// <summary>Waits for a span like that and answers it.</summary>
    public async Task<OtlpSpan> UntilAsync(Func<OtlpSpan, bool> isIt, CancellationToken ct)
    {
        while (true)
        {
            Task more;
            lock (_gate)
            {
                if (_spans.Find(span => isIt(span)) is { } found)
                {
                    return found;
                }

                more = _more.Task;
            }

            await more.WaitAsync(ct);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            context.Response.ContentType = "application/x-protobuf";
            context.Response.Close();
            lock (_gate)
            {
                Keep(context.Request.Url!.AbsolutePath, body.ToArray());
                _more.SetResult();
                _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    private void Keep(string path, byte[] body)
    {
        switch (path)
        {
            case "/v1/traces":
                _spans.AddRange(OtlpSpan.Read(body));
                break;
            case "/v1/logs":
                _logs.AddRange(OtlpLog.Read(body));
                break;
            case "/v1/metrics":
                _metrics.UnionWith(OtlpMetric.ReadNames(body));
                break;
        }
    }

    private T[] Copy<T>(IEnumerable<T> kept)
    {
        lock (_gate)
        {
            return [.. kept];
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
