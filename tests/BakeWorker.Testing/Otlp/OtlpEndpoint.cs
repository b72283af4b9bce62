using System.Net;
using System.Net.Sockets;

namespace BakeWorker.Testing.Otlp;

/// <summary>A collector on loopback that keeps the spans it receives over OTLP/HTTP.</summary>
public sealed class OtlpEndpoint : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Lock _gate = new();
    private readonly List<OtlpSpan> _spans = [];
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

    /// <summary>What lets a process send here, and soon.</summary>
    public IReadOnlyDictionary<string, string> Environment =>
        new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = $"{Url}/v1/traces",
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
        };

    public IReadOnlyList<OtlpSpan> Spans
    {
        get
        {
            lock (_gate)
            {
                return [.. _spans];
            }
        }
    }

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
                _spans.AddRange(OtlpSpan.Read(body.ToArray()));
                _more.SetResult();
                _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
