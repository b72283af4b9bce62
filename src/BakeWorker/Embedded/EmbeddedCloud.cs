using BakeWorker.Commands;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.LocalCloud;
using BakeWorker.LocalCloud.Guests;
using BakeWorker.LocalCloud.Guests.Host;
using BakeWorker.Settings;
using LocalAccount = BakeWorker.LocalCloud.LocalCloud;

namespace BakeWorker.Embedded;

/// <summary>An AWS account inside this process, with the guests its instances are made of.</summary>
internal sealed class EmbeddedCloud(LocalAccount cloud, IGuestHost guests) : IAsyncDisposable
{
    public LocalAccount Cloud => cloud;

    /// <summary><c>scripted</c>, <c>sandbox</c> or <c>vm</c>.</summary>
    public string Guest => guests.Kind;

    public static async Task<EmbeddedCloud> OpenAsync(EmbeddedOptions options, WorkerSettings settings, Shell shell, CancellationToken ct)
    {
        var advisories = options.Advisories is { } path ? shell.FullPath(path) : null;
        // Before guests are made ready, which may take half a minute.
        if (advisories is not null && !File.Exists(advisories) && !Directory.Exists(advisories))
        {
            throw new UsageException($"--advisories {options.Advisories}: there is nothing at {advisories}; give a file or a folder.");
        }

        var data = options.IsToLookAt ? Folders.Data(settings, shell) : Folders.RequireWritable(Folders.Data(settings, shell));
        // Guests of one kind cannot start from disks of another, so the images of each stand by themselves.
        var own = options.Guest == GuestChoice.Vm ? Path.Combine(data, GuestChoice.Vm) : data;
        var folders = new GuestHostOptions
        {
            DataFolder = own,
            CacheFolder = Folders.Cache(settings, shell) ?? Path.Combine(data, "cache"),
        };
        var guests = await GuestChoice.OpenAsync(options, folders, settings.Vm, shell, ct);
        var cloudOptions = new LocalCloudOptions
        {
            Speed = options.Speed,
            // Images outlive the process, so two runs must not give the same ids to different images.
            Seed = shell.Random.Next(),
            // Scripted images are names without content; they must not stand beside real ones.
            DataFolder = guests.Kind == GuestChoice.Scripted ? Path.Combine(data, GuestChoice.Scripted) : own,
            AdvisoriesPath = advisories,
        };
        try
        {
            return new EmbeddedCloud(new LocalAccount(cloudOptions, shell.Time, guests), guests);
        }
        catch (Exception exception)
            when (options.Advisories is not null && exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            await guests.DisposeAsync();
            throw new UsageException($"--advisories {options.Advisories}: {exception.Message}");
        }
    }

    /// <summary>The result with what only this account knows: what its guests were, and where its image files lie.</summary>
    public async Task<BakeResult> CompleteAsync(BakeResult result, ICloud seen, CancellationToken ct)
    {
        var files = new Dictionary<string, string>();
        foreach (var (region, id) in result.Images)
        {
            var images = await seen.In(region).Images.ReadAsync([new ImageId(id)], ct);
            foreach (var file in images.Values.SelectMany(image => image.Snapshots).Select(guests.FindDisk).OfType<string>())
            {
                files.TryAdd(region, file);
            }
        }

        return result with
        {
            Guest = Guest,
            ImageFiles = files.Count == 0 ? null : files,
            Failure = result.Failure is { Kept: { } kept } failure
                ? failure with
                {
                    Kept = kept with { Access = $"{Cli.Name} shell {kept.Instance}" },
                }
                : result.Failure,
        };
    }

    /// <summary>The file that holds the disk of an image; null when none does.</summary>
    public string? FindArchive(Image image) => image.Snapshots.Select(guests.FindDisk).OfType<string>().FirstOrDefault(File.Exists);

    /// <summary>The packages on the disk of an image, with their versions; null when nobody can tell.</summary>
    public async Task<IReadOnlyDictionary<string, string>?> ReadPackagesAsync(string region, string image, CancellationToken ct)
    {
        string? disk;
        lock (cloud.Account.Gate)
        {
            disk = cloud.Ec2.FindImage(region, image)?.DiskId;
        }

        var list = disk is null ? null : await guests.ReadPackagesAsync(disk, ct);
        return list
            ?.Packages.GroupBy(package => $"{package.Name}:{package.Architecture}")
            .ToDictionary(same => same.Key, same => string.Join(", ", same.Select(package => package.Version)));
    }

    public ValueTask DisposeAsync() => cloud.DisposeAsync();
}

/// <summary>How the embedded account behaves.</summary>
/// <param name="Guest"><c>sandbox</c>, <c>vm</c>, <c>scripted</c>, or null for the best this machine has.</param>
internal sealed record EmbeddedOptions(string? Guest, double Speed)
{
    public string? Advisories { get; init; }

    /// <summary>The disk that guests will start from, where that is known: without it a sandbox is of no use.</summary>
    public string? BaseDisk { get; init; }

    /// <summary>Nothing will be started, so nobody needs to know what it would be.</summary>
    public bool IsToLookAt { get; init; }
}
