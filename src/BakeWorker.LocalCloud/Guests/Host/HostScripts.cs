namespace BakeWorker.LocalCloud.Guests.Host;

/// <summary>The shell scripts that prepare this machine for guests of every kind, and those that every kind runs.</summary>
internal static class HostScripts
{
    public static string Namespace { get; } = Read("host/namespace.sh");
    public static string HostApt { get; } = Read("host/host-apt.sh");
    public static string Fetch { get; } = Read("host/fetch.sh");
    public static string Base { get; } = Read("host/base.sh");
    public static string Extract { get; } = Read("host/extract.sh");
    public static string Packages { get; } = Read("host/packages.sh");

    public static string Kill { get; } = Read("host/kill.sh");

    /// <summary>Stands before the programs that user data installs the SSM agent with.</summary>
    public static string SkipAgent { get; } = Read("host/skip-agent.sh");

    /// <summary>An embedded script by its folder and file.</summary>
    public static string Read(string name)
    {
        using var stream = typeof(HostScripts).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
