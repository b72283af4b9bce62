namespace BakeWorker.LocalCloud.Guests.Host;

/// <summary>Makes a Debian base with mmdebstrap, which is taken from the host's archives without being installed.</summary>
internal sealed class DebianBase(HostFolders folders, GuestHostOptions options, TimeProvider time)
{
    /// <summary>
    /// The folder appears whole or not at all. <paramref name="finish"/> may make something else of the <c>root</c> in the folder it is given.
    /// </summary>
    public async Task MakeAsync(DebianRelease release, string packages, string folder, Func<string, Task> finish, CancellationToken ct)
    {
        var started = time.GetTimestamp();
        Report($"Preparing the Debian {release.Version} base disk; this happens once and takes about half a minute");
        var apt = await HostApt.ReadAsync(ct);
        var (partial, claim) = folders.Claim("bases", Path.GetFileName(folder));
        try
        {
            await FetchToolsAsync(release, apt, folders.Full($"{partial}/tools"), ct);
            Directory.CreateDirectory(folders.Full($"{partial}/root"));
            var make = new HostNamespace(folders.Root, HostScripts.Base, $"{partial}/root", $"{partial}/tools", release.Codename, packages)
            {
                Owned = folders.Full($"{partial}/root"),
                Variables = new Dictionary<string, string>
                {
                    ["BW_APT"] = apt.Settings + (apt.Certificates is { } file ? $"\nAcquire::https::CaInfo \"{file}\";" : ""),
                    ["BW_SOURCES"] = release.SourcesFile,
                },
            };
            await make.RunAsync($"The Debian {release.Version} base disk could not be made", ct, line => ReportStep(release, line));
            await folders.RemoveAsync($"{partial}/tools", ct);
            await finish(partial);
            Directory.Move(folders.Full(partial), folders.Full(folder));
            Report($"The Debian {release.Version} base disk is ready after {time.GetElapsedTime(started).TotalSeconds:0} s");
        }
        finally
        {
            await folders.RemoveAsync(partial, claim, CancellationToken.None);
        }
    }

    private static async Task FetchToolsAsync(DebianRelease release, HostApt apt, string tools, CancellationToken ct)
    {
        Directory.CreateDirectory(tools);
        string[] packages = File.Exists(DebianRelease.Keyring) ? ["mmdebstrap"] : ["mmdebstrap", "debian-archive-keyring"];
        var fetch = await HostTool.RunAsync(["sh", "-c", HostScripts.Fetch, "fetch", .. packages], ct, null, tools, keepEnvironment: true);
        if (fetch.ExitCode != 0)
        {
            throw new GuestHostException($"mmdebstrap, which makes the base disk, cannot be had: {fetch.Reason}");
        }

        // What was unpacked beside the host appears below /tmp inside.
        var keyring = packages.Length == 1 ? DebianRelease.Keyring : "/tmp" + DebianRelease.Keyring;
        var mirrors = apt.MirrorsOf(release) is { Count: > 0 } own ? own : release.Archives;
        var lines = mirrors.Select(source => (source.SignedBy == DebianRelease.Keyring ? source with { SignedBy = keyring } : source).Line);
        await File.WriteAllLinesAsync(Path.Combine(tools, "sources.list"), lines, ct);
    }

    private void ReportStep(DebianRelease release, string line)
    {
        var step =
            line.StartsWith("I: downloading packages") ? "downloading packages"
            : line.StartsWith("I: extracting archives") ? "extracting them"
            : line.StartsWith("I: installing essential") ? "installing the essential ones"
            : line.StartsWith("I: installing remaining") ? "installing the others"
            : null;
        if (step is not null)
        {
            Report($"Debian {release.Version} base disk: {step}");
        }
    }

    private void Report(string line) => options.Progress?.Report(line);
}
