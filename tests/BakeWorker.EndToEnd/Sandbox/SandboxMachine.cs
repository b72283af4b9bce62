using BakeWorker.LocalCloud.Guests.Sandbox;
using BakeWorker.Testing;

namespace BakeWorker.EndToEnd.Sandbox;

/// <summary>This machine with a prepared base for sandboxes and a data folder of its own; its tests are skipped where there can be no sandbox.</summary>
public sealed class SandboxMachine : IAsyncLifetime
{
    public const string Region = "eu-west-1";
    private const string Debian = "catalogue:debian-12";
    private string? _obstacle;

    /// <summary>Home of the processes and, in <c>data</c>, of the images.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("bakeworker-sandbox-").FullName;

    public string Data => Path.Combine(Folder, "data");

    // Kept between runs, so that the base is made once for a checkout.
    private static string Cache => Checkout.File("artifacts/sandbox");

    public async ValueTask InitializeAsync()
    {
        var options = new SandboxOptions { DataFolder = Data, CacheFolder = Cache };
        _obstacle = await SandboxSupport.CheckAsync(options, Debian, CancellationToken.None);
        if (_obstacle is null)
        {
            await using var host = new SandboxGuestHost(options, TimeProvider.System);
            await host.PrepareAsync(Debian, CancellationToken.None);
        }
    }

    /// <summary>Skips the test, with the reason, where there cannot be a sandbox.</summary>
    public void Require() => Assert.SkipWhen(_obstacle is not null, _obstacle ?? "");

    public BakeWorkerProcess Start(params string[] args) => Start(new Dictionary<string, string>(), args);

    public BakeWorkerProcess Start(IReadOnlyDictionary<string, string> environment, params string[] args)
    {
        var all = new Dictionary<string, string>(environment)
        {
            ["HOME"] = Folder,
            ["AWS_REGION"] = Region,
            ["BAKEWORKER__CACHE"] = Cache,
        };
        all.TryAdd("BAKEWORKER__DATA", Data);
        all.TryAdd("BAKEWORKER__RECIPES", Checkout.File("recipes"));
        return BakeWorkerProcess.Start(Folder, all, args);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return default;
    }
}

/// <summary>Their steps really run and share the machine's few cores, so they take turns.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SandboxTests : ICollectionFixture<SandboxMachine>
{
    public const string Name = "sandbox";
}
