using BakeWorker.LocalCloud.Guests;
using BakeWorker.LocalCloud.Guests.Host;
using BakeWorker.LocalCloud.Guests.Sandbox;

namespace BakeWorker.LocalCloud.Tests.Guests.Sandbox;

/// <summary>One host of real sandboxes for all tests, over one prepared base.</summary>
public sealed class SandboxWorld : IAsyncLifetime
{
    public const string Debian = "catalogue:debian-12";
    private readonly string _data = Directory.CreateTempSubdirectory("bakeworker-sandbox-").FullName;
    private SandboxGuestHost? _host;
    private string? _obstacle;
    private int _count;

    /// <summary>Kept between runs, so that the base is made once for a checkout.</summary>
    public static string Cache => Path.Combine(Checkout(), "artifacts", "sandbox");

    public GuestHostOptions Options => new() { DataFolder = _data, CacheFolder = Cache };

    /// <summary>The host; the test is skipped, with the reason, where there cannot be one.</summary>
    public SandboxGuestHost Host
    {
        get
        {
            Assert.SkipWhen(_obstacle is not null, _obstacle ?? "");
            return _host!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        _obstacle = await SandboxSupport.CheckAsync(Options, Debian, CancellationToken.None);
        if (_obstacle is null)
        {
            _host = new SandboxGuestHost(Options, TimeProvider.System);
            await _host.PrepareAsync(Debian, CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        Directory.Delete(_data, recursive: true);
    }

    public GuestSpec Spec(string diskId = Debian) => new($"i-{Interlocked.Increment(ref _count):x17}", "ami-0", diskId, "eu-central-1");

    public async Task<SandboxGuest> BootAsync(GuestSpec? spec = null)
    {
        var guest = (SandboxGuest)Host.Create(spec ?? Spec());
        await guest.BootAsync(TestContext.Current.CancellationToken);
        return guest;
    }

    private static string Checkout()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "BakeWorker.sln")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }
}

/// <summary>All of them share the machine's two or three cores, so they take turns.</summary>
[CollectionDefinition(Name)]
public sealed class SandboxTests : ICollectionFixture<SandboxWorld>
{
    public const string Name = "sandbox";
}

internal static class GuestCalls
{
    private static int _count;

    public static Task<GuestExit> RunAsync(this IGuest guest, string script, TimeSpan? timeout = null, CancellationToken? ct = null) =>
        guest.RunAsync(
            new GuestScript(script.StartsWith("#!") ? script : "#!/bin/sh\n" + script, timeout ?? TimeSpan.FromMinutes(10))
            {
                CommandId = $"command-{Interlocked.Increment(ref _count)}",
            },
            ct ?? TestContext.Current.CancellationToken
        );

    /// <summary>The script's output, once it has ended well.</summary>
    public static async Task<string> AskAsync(this IGuest guest, string script)
    {
        var exit = await guest.RunAsync(script);
        exit.Should()
            .BeEquivalentTo(
                new
                {
                    ExitCode = 0,
                    Lost = false,
                    TimedOut = false,
                },
                exit.Output + exit.ErrorOutput
            );
        return exit.Output.Trim();
    }
}
