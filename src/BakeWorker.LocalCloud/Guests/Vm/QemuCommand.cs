namespace BakeWorker.LocalCloud.Guests.Vm;

/// <summary>What a machine is made of.</summary>
internal sealed record Machinery(GuestSpec Spec, VmOptions Options, Accelerator Accelerator, string Perl);

/// <summary>QEMU's command line. All files are in the folder that it starts in.</summary>
internal static class QemuCommand
{
    /// <summary>Ports to its agent's workers: so many scripts run at once.</summary>
    public static IReadOnlyList<string> Workers { get; } = [.. Enumerable.Range(1, 8).Select(number => $"worker{number}")];

    // None of them may be an address that a subnet hands out.
    private const string Host = "172.31.255.250";
    private const string Names = "172.31.255.251";

    public const string ProxyAddress = "172.31.255.253";
    public const string MetadataAddress = "169.254.169.254";

    /// <summary>A machine that comes as far as its first program, with its console on standard output.</summary>
    public static IReadOnlyList<string> Trial(Accelerator accelerator) =>
        [
            .. Board(accelerator, 1, 512),
            "-serial",
            "stdio",
            "-append",
            "console=ttyS0,115200 quiet panic=-1 rdinit=/vm/trial",
            "-kernel",
            "kernel",
            "-initrd",
            "initrd",
        ];

    /// <summary>A machine that waits for the word to begin.</summary>
    public static IReadOnlyList<string> Of(Machinery made) =>
        [
            "-S",
            "-pidfile",
            "qemu.pid",
            .. Board(made.Accelerator, made.Options.Processors, made.Options.MemoryMiB),
            .. Firmware(made.Spec),
            .. Boot(made.Spec),
            .. Disk(),
            .. Ports(),
            .. Network(made),
        ];

    private static IEnumerable<string> Board(Accelerator accelerator, int processors, int memory) =>
        [
            "-nodefaults",
            "-no-user-config",
            "-no-reboot",
            "-sandbox",
            "on,obsolete=deny,resourcecontrol=deny",
            "-machine",
            "pc,usb=off,vmport=off",
            .. accelerator.Arguments,
            "-smp",
            $"{processors}",
            "-m",
            $"{memory}",
            "-display",
            "none",
        ];

    /// <summary>As instances tell their name and maker.</summary>
    private static IEnumerable<string> Firmware(GuestSpec spec) =>
        [
            "-smbios",
            $"type=1,manufacturer=Amazon EC2,product={(spec.InstanceType.Length > 0 ? spec.InstanceType : "t3.small")}",
            "-smbios",
            $"type=2,manufacturer=Amazon EC2,asset={spec.InstanceId}",
        ];

    private static IEnumerable<string> Boot(GuestSpec spec) =>
        [
            "-kernel",
            "kernel",
            "-initrd",
            "initrd.all",
            "-append",
            "root=/dev/vda rw rdinit=/vm/rdinit console=tty0 console=ttyS0,115200 consoleblank=0 panic=-1 "
                + $"systemd.hostname=ip-{spec.PrivateIp.Replace('.', '-')}",
            "-vga",
            "std",
            .. Socket("console"),
            "-serial",
            "chardev:console",
            .. Socket("qmp"),
            "-mon",
            "chardev=qmp,mode=control",
        ];

    // Nothing that a machine does has to outlive a power cut of its host.
    private static IEnumerable<string> Disk() =>
        [
            "-drive",
            "file=disk.qcow2,format=qcow2,if=none,id=root,cache=unsafe,discard=unmap,detect-zeroes=unmap",
            "-device",
            "virtio-blk-pci,drive=root",
            "-device",
            "virtio-rng-pci",
        ];

    private static IEnumerable<string> Ports() =>
        [
            "-device",
            "virtio-serial-pci,max_ports=16",
            .. Socket("shell"),
            "-device",
            "virtconsole,chardev=shell,id=shell",
            .. Port("control"),
            .. Workers.SelectMany(Port),
        ];

    private static IEnumerable<string> Port(string name) =>
        [.. Socket(name), "-device", $"virtserialport,chardev={name},id={name},name=bakeworker.{name}"];

    private static IEnumerable<string> Socket(string name) => ["-chardev", $"socket,id={name},path={name}.sock,server=on,wait=off"];

    /// <summary>Two cards, and behind each nothing but what is named here: no host, no name server, no other machine.</summary>
    private static IEnumerable<string> Network(Machinery made) =>
        [
            "-netdev",
            $"user,id=net,net=172.31.0.0/16,host={Host},dns={Names},dhcpstart={made.Spec.PrivateIp},restrict=on,ipv6=off"
                + (made.Spec.HasInternet ? Forward(made, ProxyAddress, 3128, "proxy") : ""),
            "-device",
            $"virtio-net-pci,netdev=net,mac={made.Spec.Mac},romfile=",
            "-netdev",
            "user,id=metadata,net=169.254.169.0/24,host=169.254.169.250,dns=169.254.169.251,dhcpstart=169.254.169.100,restrict=on,ipv6=off"
                + (made.Spec.Metadata is not null ? Forward(made, MetadataAddress, 80, "metadata") : ""),
            "-device",
            $"virtio-net-pci,netdev=metadata,mac={GuestFiles.MetadataMac(made.Spec)},romfile=",
        ];

    private static string Forward(Machinery made, string address, int port, string name) =>
        $",guestfwd=tcp:{address}:{port}-cmd:{made.Perl} bridge.pl {name}.sock";
}
