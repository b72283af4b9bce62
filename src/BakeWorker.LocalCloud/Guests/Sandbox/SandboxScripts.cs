namespace BakeWorker.LocalCloud.Guests.Sandbox;

/// <summary>The shell scripts that do what no managed process can: make namespaces, mount, and change ids.</summary>
internal static class SandboxScripts
{
    public static string Namespace { get; } = Read("namespace");
    public static string Trial { get; } = Read("trial");
    public static string Boot { get; } = Read("boot");
    public static string Init { get; } = Read("init");
    public static string Power { get; } = Read("power");
    public static string Systemctl { get; } = Read("systemctl");
    public static string SystemdRun { get; } = Read("systemd-run");
    public static string Agent { get; } = Read("agent");
    public static string Run { get; } = Read("run");
    public static string Kill { get; } = Read("kill");
    public static string Alive { get; } = Read("alive");
    public static string Shell { get; } = Read("shell");
    public static string Packages { get; } = Read("packages");
    public static string Capture { get; } = Read("capture");
    public static string Extract { get; } = Read("extract");
    public static string HostApt { get; } = Read("host-apt");
    public static string Fetch { get; } = Read("fetch");
    public static string Base { get; } = Read("base");

    private static string Read(string name)
    {
        using var stream = typeof(SandboxScripts).Assembly.GetManifestResourceStream($"sandbox/{name}.sh")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
