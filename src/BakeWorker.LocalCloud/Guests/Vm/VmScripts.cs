using BakeWorker.LocalCloud.Guests.Host;

namespace BakeWorker.LocalCloud.Guests.Vm;

/// <summary>What runs in a machine and around it.</summary>
internal static class VmScripts
{
    public static string Disk { get; } = Read("disk.sh");
    public static string Launch { get; } = Read("launch.sh");
    public static string Door { get; } = Read("door.pl");
    public static string Bridge { get; } = Read("bridge.pl");
    public static string RdInit { get; } = Read("rdinit.sh");
    public static string InitBottom { get; } = Read("init-bottom.sh");
    public static string Trial { get; } = Read("trial.sh");
    public static string Agent { get; } = Read("agent.sh");
    public static string FirstBoot { get; } = Read("first-boot.sh");
    public static string UserData { get; } = Read("user-data.sh");
    public static string AgentUnit { get; } = Read("agent.service");
    public static string FirstBootUnit { get; } = Read("vm-first-boot.service");
    public static string UserDataUnit { get; } = Read("vm-user-data.service");
    public static string ShellUnit { get; } = Read("vm-shell.service");

    private static string Read(string name) => HostScripts.Read($"vm/{name}");
}
