using System.Diagnostics.CodeAnalysis;
using BakeWorker.LocalCloud.Guests.Host;

namespace BakeWorker.LocalCloud.Guests.Vm;

/// <summary>How this machine runs another one's instructions, found out by trying: a /dev/kvm that opens can still be of no use.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Nobody takes the wait handle, so there is nothing to give back.")]
internal sealed class Acceleration(HostFolders folders, GuestHostOptions options, TimeProvider time)
{
    private const string Device = "/dev/kvm";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    /// <summary>Software emulation; what it has translated stays within 256 MiB.</summary>
    private static readonly Accelerator Emulation = new(
        "software emulation",
        ["-accel", "tcg,thread=multi,tb-size=256", "-cpu", "max"],
        MachineUser.Nobody
    );

    private readonly SemaphoreSlim _turn = new(1);
    private Accelerator? _chosen;

    /// <summary>The choice, tried once with this kernel, and once only while this machine is up.</summary>
    public async Task<Accelerator> ChooseAsync(VmDisk disk, CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            return _chosen ??= await FindAsync(disk, ct);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<Accelerator> FindAsync(VmDisk disk, CancellationToken ct)
    {
        if (!File.Exists(Device))
        {
            return Say(Emulation, $"there is no {Device}");
        }

        var kvm = new Accelerator("KVM", ["-accel", "kvm", "-cpu", "host"], await MachineUser.OfDeviceAsync(Device, ct));
        var (known, up) = (folders.Full("kvm-trial"), await File.ReadAllTextAsync("/proc/sys/kernel/random/boot_id", ct));
        if (!File.Exists(known) || !(await File.ReadAllTextAsync(known, ct)).StartsWith(up, StringComparison.Ordinal))
        {
            await File.WriteAllTextAsync(known, up + await TryAsync(kvm, disk, ct), ct);
        }

        var trouble = (await File.ReadAllTextAsync(known, ct))[up.Length..];
        return trouble.Length == 0 ? Say(kvm, null) : Say(Emulation, trouble);
    }

    /// <summary>Boots the kernel as far as its first program. Empty when it came there, else why not.</summary>
    private async Task<string> TryAsync(Accelerator kvm, VmDisk disk, CancellationToken ct)
    {
        var (folder, claim) = folders.Claim("machines", "trial");
        try
        {
            var trial = new Archive();
            trial.Add("vm/trial", VmScripts.Trial);
            await trial.AppendAsync(Path.Combine(disk.Boot, DiskReader.Initrd), folders.Full($"{folder}/initrd"), ct);
            File.Copy(Path.Combine(disk.Boot, DiskReader.Kernel), folders.Full($"{folder}/kernel"));
            using var process = QemuProcess.Start(folders.Full(folder), kvm, QemuCommand.Trial(kvm));
            using var limit = new CancellationTokenSource(Patience, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
            var came = await ReadAsync(process.StandardOutput, either.Token);
            process.StandardInput.Close();
            var error = (await process.StandardError.ReadToEndAsync(ct)).Trim().Split('\n')[0];
            await process.WaitForExitAsync(ct);
            ct.ThrowIfCancellationRequested();
            return came ? ""
                : limit.IsCancellationRequested ? $"a kernel did not come up on it within {Patience.TotalSeconds:0} s"
                : error.Length > 0 ? error
                : "the machine ended before its kernel was up";
        }
        finally
        {
            await folders.RemoveAsync(folder, claim, CancellationToken.None);
        }
    }

    private static async Task<bool> ReadAsync(StreamReader console, CancellationToken ct)
    {
        try
        {
            while (await console.ReadLineAsync(ct) is { } line)
            {
                if (line.Contains("@trial", StringComparison.Ordinal))
                {
                    return true;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // It takes too long, which is an answer.
        }

        return false;
    }

    private Accelerator Say(Accelerator chosen, string? why)
    {
        options.Progress?.Report(
            why is null
                ? $"virtual machines run by {chosen.Name}"
                : $"virtual machines run by {chosen.Name}, many times slower: {(why.StartsWith("there is no") ? "" : $"{Device} cannot be used: ")}{why}"
        );
        return chosen;
    }
}

/// <summary>A way to run machines: its arguments, and who may use it.</summary>
internal sealed record Accelerator(string Name, IReadOnlyList<string> Arguments, MachineUser User);
