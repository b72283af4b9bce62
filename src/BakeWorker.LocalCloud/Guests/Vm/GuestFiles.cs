using BakeWorker.LocalCloud.Guests.Host;

namespace BakeWorker.LocalCloud.Guests.Vm;

/// <summary>What a machine gets from its host for one boot, in memory: its agent, its network's settings, its user data.</summary>
internal static class GuestFiles
{
    private const string Path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private const string Proxy = $"http://{QemuCommand.ProxyAddress}:3128";

    /// <summary>The address of the second card, which leads to the metadata service alone.</summary>
    public static string MetadataMac(GuestSpec spec) => "06" + spec.Mac[2..];

    public static Archive Pack(GuestSpec spec, bool hasAgent, HostApt apt)
    {
        var archive = new Archive();
        archive.Add("vm/rdinit", VmScripts.RdInit);
        archive.Add("scripts/init-bottom/vm", VmScripts.InitBottom);
        archive.Add("vm/guest/settings", Settings(spec));
        archive.Add("vm/guest/apt.conf", AptSettings(spec, apt));
        archive.Add("vm/guest/user-data", spec.UserData.Replace("\0", ""));
        archive.Add("vm/guest/agent", VmScripts.Agent);
        archive.Add("vm/guest/kill", HostScripts.Kill);
        archive.Add("vm/guest/first-boot", VmScripts.FirstBoot);
        archive.Add("vm/guest/user-data-run", VmScripts.UserData);
        archive.Add("vm/guest/skip-agent", HostScripts.SkipAgent);
        // Under its own name only where the image or its user data has the agent: then this one stands for that one.
        archive.Add($"vm/units/{(hasAgent ? "amazon-ssm-agent" : "vm-agent")}.service", VmScripts.AgentUnit);
        archive.Add("vm/units/vm-first-boot.service", VmScripts.FirstBootUnit);
        archive.Add("vm/units/vm-user-data.service", VmScripts.UserDataUnit);
        // Not at boot but with its console, whose driver some images load late.
        archive.Add("vm/on-call/vm-shell.service", VmScripts.ShellUnit);
        archive.Add("vm/rules/60-vm-shell.rules", "KERNEL==\"hvc0\", TAG+=\"systemd\", ENV{SYSTEMD_WANTS}+=\"vm-shell.service\"\n");
        archive.Add("vm/network/10-vm.network", Card(spec.Mac, "", "DHCP=ipv4", "\n[DHCPv4]\nUseHostname=no\n"));
        archive.Add(
            "vm/network/20-vm-metadata.network",
            Card(MetadataMac(spec), "[Link]\nRequiredForOnline=no\n\n", "Address=169.254.169.15/24", "")
        );
        return archive;
    }

    private static string Settings(GuestSpec spec)
    {
        var proxy = spec.HasInternet
            ? $" http_proxy={Proxy} https_proxy={Proxy} no_proxy={QemuCommand.MetadataAddress},localhost,127.0.0.1"
            : "";
        return $"instance={spec.InstanceId}\n"
            + $"environment=\"PATH={Path} HOME=/root LANG=C.UTF-8 APT_CONFIG=/run/vm-guest/apt.conf{proxy}\"\n";
    }

    /// <summary>The host's own settings about mirrors, but for the way to them, which is the proxy's business.</summary>
    private static string AptSettings(GuestSpec spec, HostApt apt)
    {
        var kept = apt.Settings.Split('\n').Where(line => !line.Contains("Proxy", StringComparison.OrdinalIgnoreCase));
        string[] own =
        [
            "Acquire::Languages \"none\";",
            // The disk does not outlive a power cut of this machine anyway.
            "DPkg::Options:: \"--force-unsafe-io\";",
        ];
        string[] way = spec.HasInternet ? [$"Acquire::http::Proxy \"{Proxy}\";", $"Acquire::https::Proxy \"{Proxy}\";"] : [];
        return string.Join('\n', kept.Concat(own).Concat(way)) + "\n";
    }

    private static string Card(string mac, string before, string address, string after) =>
        $"[Match]\nMACAddress={mac}\n\n{before}[Network]\n{address}\nLinkLocalAddressing=no\nIPv6AcceptRA=no\n{after}";
}
