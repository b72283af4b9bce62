using System.Collections.Concurrent;
using System.Text.Json;
using BakeWorker.LocalCloud;
using BakeWorker.LocalCloud.Faults;
using BakeWorker.LocalCloud.Guests.Scripted;
using BakeWorker.Testing;
using BakeWorker.Tests.Processes;
using LocalAccount = BakeWorker.LocalCloud.LocalCloud;

namespace BakeWorker.Tests.Commands;

/// <summary>An account behind a real port, and real processes that are pointed at it as at any AWS: by their environment.</summary>
internal sealed class AccountAtWork : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bakeworker-account-").FullName;
    private readonly LocalAccount _cloud;
    private readonly LocalCloudServer _server;
    private readonly Ear _ear = new();

    private AccountAtWork(LocalAccount cloud, LocalCloudServer server)
    {
        (_cloud, _server) = (cloud, server);
        cloud.Faults.Observer = _ear;
        Clients = new LocalCloudClients(cloud, "eu-central-1");
        Plant = new Planting(Clients, TimeProvider.System);
        Environment = new()
        {
            ["HOME"] = _folder,
            ["AWS_ENDPOINT_URL"] = server.Url.ToString(),
            ["AWS_REGION"] = "eu-central-1",
            ["AWS_ACCESS_KEY_ID"] = Ear.OfProcesses,
            ["AWS_SECRET_ACCESS_KEY"] = "local",
            ["BAKEWORKER__RECIPES"] = Checkout.File("recipes"),
        };
    }

    public LocalAccount Cloud => _cloud;

    /// <summary>What the processes called, each once, such as <c>ec2:RunInstances</c>.</summary>
    public IEnumerable<string> Calls => _ear.Heard.Distinct();
    public LocalCloudClients Clients { get; }
    public Planting Plant { get; }

    /// <summary>What the processes have.</summary>
    public Dictionary<string, string> Environment { get; }
    public string Output { get; private set; } = "";
    public string[] ErrorLines { get; private set; } = [];
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    public static async Task<AccountAtWork> OpenAsync()
    {
        var cloud = new LocalAccount(
            new LocalCloudOptions { Speed = 1000 },
            TimeProvider.System,
            new ScriptedGuestHost(TimeProvider.System, Scenario.Instant())
        );
        return new AccountAtWork(cloud, await LocalCloudServer.StartAsync(cloud, 0, CancellationToken.None));
    }

    public async Task<int> RunAsync(params string[] arguments)
    {
        await using var process = BakeWorkerProcess.Start(_folder, Environment, arguments);
        var code = await process.ExitAsync();
        Output = process.Output.Trim('\n');
        ErrorLines = process.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return code;
    }

    public async ValueTask DisposeAsync()
    {
        Clients.Dispose();
        await _server.DisposeAsync();
        await _cloud.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    // The test's own client signs with another key.
    private sealed class Ear : IOperationObserver
    {
        public const string OfProcesses = "local";

        public ConcurrentQueue<string> Heard { get; } = new();

        public void Before(Operation operation)
        {
            if (operation.Caller == OfProcesses)
            {
                Heard.Enqueue($"{operation.Service}:{operation.Action}");
            }
        }

        public void After(Operation operation, OperationEnd end) { }
    }
}
