using BakeWorker.LocalCloud.Guests;
using BakeWorker.LocalCloud.Guests.Host;
using BakeWorker.LocalCloud.Guests.Sandbox;
using BakeWorker.Testing;

namespace BakeWorker.EndToEnd.Sandbox;

/// <summary>This machine with a prepared base for sandboxes and a data folder of its own; its tests are skipped where there can be no sandbox.</summary>
public sealed class SandboxMachine : IAsyncLifetime
{
    public const string Region = "eu-west-1";
    private const string Debian = "catalogue:debian-12";
    private string? _obstacle;
    private SandboxGuestHost? _host;

    /// <summary>Home of the processes and, in <c>data</c>, of the images.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("bakeworker-sandbox-").FullName;

    public string Data => Path.Combine(Folder, "data");

    // Kept between runs, so that the base is made once for a checkout.
    private static string Cache => Checkout.File("artifacts/sandbox");

    public async ValueTask InitializeAsync()
    {
        var options = new GuestHostOptions { DataFolder = Path.Combine(Folder, "guests"), CacheFolder = Cache };
        _obstacle = await SandboxSupport.CheckAsync(options, Debian, CancellationToken.None);
        if (_obstacle is null)
        {
            _host = new SandboxGuestHost(options, TimeProvider.System);
            await _host.PrepareAsync(Debian, CancellationToken.None);
        }
    }

    /// <summary>Skips the test, with the reason, where there cannot be a sandbox.</summary>
    public void Require() => Assert.SkipWhen(_obstacle is not null, _obstacle ?? "");

    /// <summary>A Debian 12 by itself, without a cloud around it.</summary>
    public async Task<IGuest> BootAsync()
    {
        Require();
        var guest = _host!.Create(new GuestSpec("i-0123456789abcdef0", "ami-0", Debian, Region));
        await guest.BootAsync(TestContext.Current.CancellationToken);
        return guest;
    }

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

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }
}

/// <summary>Their steps really run and share the machine's few cores, so they take turns.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SandboxTests : ICollectionFixture<SandboxMachine>
{
    public const string Name = "sandbox";
}
