using System.Net;
using System.Text.Json;
using BakeWorker.Board;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Embedded;
using BakeWorker.Hosting;
using BakeWorker.LocalCloud.Guests.Scripted;
using BakeWorker.Settings;
using BakeWorker.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Tests.Board;

/// <summary>A worker with its board on a free port, over an account of scripted guests in this process; real time, because browsers live in it.</summary>
internal sealed class BoardWorld : IAsyncDisposable
{
    private const string Recipe = "debian-12-base";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private readonly CommandLine _line = new();
    private readonly CancellationTokenSource _limit = new(Patience);
    private EmbeddedCloud _embedded = null!;
    private IHost _host = null!;
    private BoardServer _server = null!;

    public Scenario Scenario => _line.Scenario;
    public RecordedLog Log { get; } = new();
    public LocalCloudClients Clients { get; private set; } = null!;
    public HttpClient Http { get; private set; } = null!;
    public Uri Url => _server.Url;
    public CancellationToken Limit => _limit.Token;

    public static async Task<BoardWorld> OpenAsync(double speed = 1000, params string[] settings)
    {
        var world = new BoardWorld();
        await world.StartAsync(speed, settings);
        return world;
    }

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    /// <summary>Asks for a bake and answers its id.</summary>
    public async Task<string> SubmitAsync(string requestId, string? requestedBy = null, string recipe = Recipe)
    {
        var request = new BakeRequest
        {
            Recipe = recipe,
            RequestId = requestId,
            RequestedBy = requestedBy,
        };
        await Get<IBakeQueue>().SendAsync(new QueuedRequest(BakeRequestWriter.Write(request), recipe, requestId), Limit);
        return BakeId.For(recipe, requestId).Value;
    }

    /// <summary>Waits for the next result that a bake is told to have.</summary>
    public async Task<BakeResult> ResultAsync()
    {
        while (true)
        {
            Limit.ThrowIfCancellationRequested();
            foreach (var message in await Get<IQueues>().ReceiveAsync(LocalDefaults.ResultsQueue, TimeSpan.FromMinutes(5), Limit))
            {
                await Get<IQueues>().RemoveMessageAsync(LocalDefaults.ResultsQueue, message, Limit);
                return BakeResultReader.Read(message.Body)!;
            }
        }
    }

    /// <summary>Bakes and waits for the end.</summary>
    public async Task<BakeResult> BakeAsync(string requestId, string? requestedBy = null)
    {
        await SubmitAsync(requestId, requestedBy);
        return await ResultAsync();
    }

    public async Task<string> TextAsync(string path)
    {
        using var answer = await Http.GetAsync(new Uri(path, UriKind.Relative), Limit);
        answer
            .StatusCode.Should()
            .Be(
                HttpStatusCode.OK,
                "{0} should be there: {1}",
                path,
                string.Join("\n", Log.Lines.Where(line => line.Level >= LogLevel.Warning).TakeLast(3))
            );
        return await answer.Content.ReadAsStringAsync(Limit);
    }

    public async Task<JsonElement> JsonAsync(string path) => JsonDocument.Parse(await TextAsync(path)).RootElement;

    public async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var answer = await Http.GetAsync(new Uri(path, UriKind.Relative), Limit);
        return answer.StatusCode;
    }

    /// <summary>Asks again with every event of the board until it is so.</summary>
    public async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var events = new StreamReader(await Http.GetStreamAsync(new Uri("/api/events", UriKind.Relative), Limit));
        while (!await isSo())
        {
            while (await events.ReadLineAsync(Limit) is { Length: > 0 }) { }
        }
    }

    /// <summary>An instance of a bake of somebody else's.</summary>
    public async Task<string> PlantAsync(string bakeId, string recipe, string worker)
    {
        var tags = Planting.Tags(bakeId, "builder", TimeProvider.System.GetUtcNow().AddHours(1));
        tags[ResourceTags.Recipe] = recipe;
        tags[ResourceTags.Worker] = worker;
        return await new Planting(Clients, TimeProvider.System).InstanceAsync(tags);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _host.StopAsync(CancellationToken.None);
        await _server.DisposeAsync();
        _host.Dispose();
        Clients.Dispose();
        await _embedded.DisposeAsync();
        _limit.Dispose();
        _line.Dispose();
    }

    private async Task StartAsync(double speed, string[] values)
    {
        (Scenario.BootDuration, Scenario.CommandDuration, Scenario.SealDelay) = (
            TimeSpan.FromMilliseconds(20),
            TimeSpan.FromMilliseconds(10),
            TimeSpan.FromMilliseconds(50)
        );
        var shell = _line.Shell(TimeProvider.System);
        var settings = LoadedSettings.Load(
            shell,
            new SettingArguments(null, ["Web:Listen=http://127.0.0.1:0", "Bakery:Worker=this-worker", .. values]),
            settings => LocalDefaults.Fill(settings, shell)
        );
        _embedded = await EmbeddedCloud.OpenAsync(new EmbeddedOptions(GuestChoice.Scripted, speed), settings.Worker, shell, Limit);
        Clients = new LocalCloudClients(_embedded.Cloud, LocalDefaults.Region);
        _host = BakeWorkerHost.Worker(shell, settings, logging => logging.AddProvider(Log), _embedded);
        foreach (var queue in (string[])[LocalDefaults.DeadLetterQueue, LocalDefaults.ResultsQueue])
        {
            await Get<IQueues>().EnsureAsync(queue, null, 0, Limit);
        }

        await Get<IQueues>().EnsureAsync(LocalDefaults.Queue, LocalDefaults.DeadLetterQueue, 100, Limit);
        _server = (await BoardServer.StartAsync(_host.Services, settings.Worker.Web, Limit))!;
        Http = new HttpClient { BaseAddress = _server.Url, Timeout = Timeout.InfiniteTimeSpan };
        await _host.StartAsync(Limit);
    }
}
