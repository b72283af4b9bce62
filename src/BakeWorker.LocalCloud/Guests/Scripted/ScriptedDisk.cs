using System.Collections.Concurrent;

namespace BakeWorker.LocalCloud.Guests.Scripted;

/// <summary>All there is on a scripted disk.</summary>
public sealed record ScriptedDisk(bool HasAgent, PackageList? Packages);

/// <summary>Captured disks by id. A catalogue disk needs no entry: its name says what is on it.</summary>
public sealed class ScriptedDisks
{
    private readonly ConcurrentDictionary<string, ScriptedDisk> _captured = new();

    public IReadOnlyCollection<string> Ids => _captured.Keys.ToList();

    internal ScriptedDisk? Find(string diskId) =>
        _captured.GetValueOrDefault(diskId) ?? (diskId.StartsWith("catalogue:", StringComparison.Ordinal) ? OfCatalogue(diskId) : null);

    internal void Put(string diskId, ScriptedDisk disk) => _captured[diskId] = disk;

    internal void Remove(string diskId) => _captured.TryRemove(diskId, out _);

    /// <summary>Debian, RHEL and minimal bases come without an agent, as on AWS.</summary>
    private static ScriptedDisk OfCatalogue(string diskId)
    {
        bool Says(string word) => diskId.Contains(word, StringComparison.OrdinalIgnoreCase);
        return new ScriptedDisk(
            HasAgent: !(Says("debian") || Says("rhel") || Says("minimal")),
            Packages: Says("windows") ? null
                : Says("debian-13") ? SamplePackages.Debian12 with { Ecosystem = "Debian:13" }
                : Says("debian") ? SamplePackages.Debian12
                : Says("ubuntu-22") ? SamplePackages.Ubuntu2404 with { Ecosystem = "Ubuntu:22.04" }
                : Says("rhel") ? SamplePackages.AmazonLinux2023 with { Ecosystem = "Red Hat:9" }
                : Says("ubuntu") ? SamplePackages.Ubuntu2404
                : SamplePackages.AmazonLinux2023
        );
    }
}
