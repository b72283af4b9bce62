using BakeWorker.LocalCloud.Guests.Host;

namespace BakeWorker.LocalCloud.Guests.Sandbox;

/// <summary>The shell scripts that do what no managed process can: make namespaces, mount, and change ids.</summary>
internal static class SandboxScripts
{
    public static string Trial { get; } = Read("trial");
    public static string Boot { get; } = Read("boot");
    public static string Init { get; } = Read("init");
    public static string Power { get; } = Read("power");
    public static string Systemctl { get; } = Read("systemctl");
    public static string SystemdRun { get; } = Read("systemd-run");
    public static string Run { get; } = Read("run");
    public static string Alive { get; } = Read("alive");
    public static string Shell { get; } = Read("shell");
    public static string Capture { get; } = Read("capture");

    private static string Read(string name) => HostScripts.Read($"sandbox/{name}.sh");
}
