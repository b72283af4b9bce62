using System.Diagnostics;
using System.Globalization;
using BakeWorker.LocalCloud.Guests.Host;

namespace BakeWorker.LocalCloud.Guests.Sandbox;

/// <summary>What a guest boots from; folders are below the cache.</summary>
internal sealed record BootPlan(HostFolders Folders, string Disk, string Work, string Layer, GuestSpec Spec);

/// <summary>A guest from one boot to its end: a process of the host whose standard input is the lifeline of everything in the guest.</summary>
internal sealed class SandboxBoot : IGuestBoot
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly Dictionary<string, string> Variables = new() { ["PATH"] = SandboxCommand.SearchPath, ["LANG"] = "C.UTF-8" };
    private readonly Process _process;
    private readonly TimeProvider _time;
    private readonly bool _hasOwnNetwork;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _complaints = [];
    private string _pid = "";

    private SandboxBoot(Process process, string bootId, bool hasOwnNetwork, GuestConsole console, TimeProvider time)
    {
        (_process, BootId, _hasOwnNetwork, _time) = (process, bootId, hasOwnNetwork, time);
        Ended = WatchAsync(console.ShowAsync(process.StandardOutput), ReadSignsAsync(process.StandardError, console));
    }

    public string BootId { get; }

    /// <summary>The host's id of the guest's process 1.</summary>
    public string ProcessId => _pid;

    /// <summary>Ends when nothing of the guest runs any more.</summary>
    public Task<BootEnd> Ended { get; }

    /// <summary>It is ready from the start.</summary>
    public Task ReadyAsync(CancellationToken ct) => Task.CompletedTask;

    /// <summary>Returns when the guest's init is done with its first duties.</summary>
    public static async Task<SandboxBoot> StartAsync(BootPlan plan, GuestConsole console, TimeProvider time, CancellationToken ct)
    {
        var bootId = (await File.ReadAllTextAsync("/proc/sys/kernel/random/uuid", ct)).Trim();
        var boot = new SandboxBoot(Start(plan, bootId), bootId, !plan.Spec.HasInternet, console, time);
        try
        {
            await Task.WhenAny(boot._ready.Task, boot.Ended).WaitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            await boot.KillAsync();
            throw;
        }

        return boot._ready.Task.IsCompletedSuccessfully
            ? boot
            : throw new GuestBootException($"{plan.Spec.InstanceId} did not boot: {string.Join("; ", boot._complaints)}");
    }

    /// <summary>A process in the guest, as its root. Its streams are the caller's.</summary>
    public Process Enter(string script, params string[] arguments) => HostTool.Start([.. CommandOf(script), .. arguments], Variables);

    /// <summary>The same for a person at a terminal.</summary>
    public GuestDoor DoorOf(string instance) => new(instance, "sandbox", CommandOf(SandboxScripts.Shell)) { Variables = Variables };

    private string[] CommandOf(string script)
    {
        string[] network = _hasOwnNetwork ? ["--net"] : [];
        return
        [
            .. HostTool.Limits,
            HostTool.Find("nsenter")!,
            "--target",
            _pid,
            "--user",
            "--mount",
            "--uts",
            "--ipc",
            "--pid",
            "--cgroup",
            .. network,
            "--setuid",
            "0",
            "--setgid",
            "0",
            "--",
            "/bin/sh",
            "-c",
            script,
            "sandbox",
            BootId,
        ];
    }

    /// <summary>Whether the guest answers, and is not on its way down.</summary>
    public async Task<bool> IsAliveAsync() => !Ended.IsCompleted && await TryAsync(SandboxScripts.Alive);

    /// <summary>Tells process 1 to end in order; kills the guest when it does not.</summary>
    public async Task StopAsync(bool restarts)
    {
        await TryAsync("echo \"$2\" >/run/sandbox/control", restarts ? "reboot" : "poweroff");
        await EndAsync();
    }

    /// <summary>Waits for an end that has begun; kills the guest when it does not come.</summary>
    public async Task EndAsync()
    {
        try
        {
            await Ended.WaitAsync(Patience, _time);
        }
        catch (TimeoutException)
        {
            await KillAsync();
        }
    }

    /// <summary>Ends everything in the guest at once.</summary>
    public async Task KillAsync()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The other end is gone, and that is what closing it is for.
        }

        await Ended;
    }

    /// <summary>Runs a small script of ours in the guest; false when it fails or takes long.</summary>
    public async Task<bool> TryAsync(string script, params string[] arguments)
    {
        using var patience = new CancellationTokenSource(Patience, _time);
        try
        {
            using var process = Enter(script, arguments);
            var result = await HostTool.FinishAsync(process, null, () => process.Kill(entireProcessTree: true), patience.Token);
            return result.ExitCode == 0;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static Process Start(BootPlan plan, string bootId)
    {
        var spec = plan.Spec;
        var boot = new HostNamespace(
            plan.Folders.Root,
            SandboxScripts.Boot,
            plan.Disk,
            plan.Work,
            plan.Layer,
            HostName(spec.InstanceId),
            spec.HasInternet ? "host" : "none",
            bootId,
            spec.InstanceId
        )
        {
            Owned = plan.Folders.Full(plan.Work),
            SharesNetwork = spec.HasInternet,
            Variables = new Dictionary<string, string>
            {
                ["BW_INIT"] = SandboxScripts.Init,
                ["BW_POWER"] = SandboxScripts.Power,
                ["BW_SYSTEMCTL"] = SandboxScripts.Systemctl,
                ["BW_SYSTEMD_RUN"] = SandboxScripts.SystemdRun,
                ["BW_AGENT"] = HostScripts.SkipAgent,
                ["BW_USER_DATA"] = spec.UserData.Replace("\0", ""),
            },
        };
        return boot.Start();
    }

    /// <summary>As EC2 names hosts by their address; the address here is made of the instance id.</summary>
    private static string HostName(string instanceId)
    {
        var hash = instanceId.Aggregate(17u, (sum, letter) => (sum * 31) + letter);
        return string.Create(CultureInfo.InvariantCulture, $"ip-10-0-{hash / 256 % 256}-{hash % 256}");
    }

    /// <summary>Until the guest is ready, standard error is the launcher's; afterwards it is a second console.</summary>
    private async Task ReadSignsAsync(StreamReader reader, GuestConsole console)
    {
        while (await reader.ReadLineAsync(CancellationToken.None) is { } line)
        {
            if (line.StartsWith("@pid ", StringComparison.Ordinal) && _pid.Length == 0)
            {
                _pid = line["@pid ".Length..];
            }
            else if (line == "@ready")
            {
                _ready.TrySetResult();
                await console.ShowAsync(reader);
            }
            else
            {
                _complaints.Add(line);
                console.WriteLine(line);
            }
        }
    }

    private async Task<BootEnd> WatchAsync(params Task[] readers)
    {
        await _process.WaitForExitAsync(CancellationToken.None);
        await Task.WhenAll(readers);
        // 40 and 41 are init's own answers; the kernel ends a namespace's init with SIGINT for a power-off and SIGHUP for a restart.
        return _process.ExitCode switch
        {
            40 or 130 => BootEnd.PoweredOff,
            41 or 129 => BootEnd.Restarts,
            _ => BootEnd.Died,
        };
    }
}
