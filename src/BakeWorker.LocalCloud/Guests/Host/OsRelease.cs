namespace BakeWorker.LocalCloud.Guests.Host;

/// <summary>What an os-release file says.</summary>
internal sealed record OsRelease(string Id, string Version, string Codename, string PrettyName)
{
    /// <summary>OSV's name for the packages of it, such as <c>Debian:12</c>.</summary>
    public string Ecosystem =>
        Id switch
        {
            "debian" => $"Debian:{Version}",
            "ubuntu" => $"Ubuntu:{Version}",
            "alpine" => $"Alpine:v{Version}",
            "amzn" => $"Amazon Linux:{Version}",
            "rhel" => $"Red Hat:{Version}",
            "rocky" => $"Rocky Linux:{Version}",
            "almalinux" => $"AlmaLinux:{Version}",
            _ => $"{Id}:{Version}",
        };

    public static OsRelease Parse(string text)
    {
        var values = text.Split('\n')
            .Select(line => line.Split('=', 2))
            .Where(pair => pair.Length == 2)
            .GroupBy(pair => pair[0].Trim())
            .ToDictionary(group => group.Key, group => group.Last()[1].Trim().Trim('"', '\''));
        string Value(string name) => values.GetValueOrDefault(name, "");
        return new OsRelease(Value("ID"), Value("VERSION_ID"), Value("VERSION_CODENAME"), Value("PRETTY_NAME"));
    }

    public static OsRelease? ReadHost() => File.Exists("/etc/os-release") ? Parse(File.ReadAllText("/etc/os-release")) : null;
}
