namespace BakeWorker.LocalCloud.Guests.Host;

/// <summary>Reads what a guest tells of its packages.</summary>
internal static class PackageDatabase
{
    /// <summary>os-release, then <c>@dpkg</c> and the status file, or <c>@rpm</c> and one line for each package.</summary>
    public static PackageList? Parse(string text)
    {
        var normal = "\n" + text;
        if (Cut(normal, "\n@dpkg\n") is var (debian, status))
        {
            return new PackageList(OsRelease.Parse(debian).Ecosystem, [.. ParseStatus(status)]);
        }

        return Cut(normal, "\n@rpm\n") is var (system, lines)
            ? new PackageList(OsRelease.Parse(system).Ecosystem, [.. ParseRpm(lines)])
            : null;
    }

    private static (string Before, string After)? Cut(string text, string mark)
    {
        var at = text.IndexOf(mark, StringComparison.Ordinal);
        return at < 0 ? null : (text[..at], text[(at + mark.Length)..]);
    }

    private static IEnumerable<Package> ParseStatus(string status)
    {
        foreach (var stanza in status.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = stanza
                .Split('\n')
                .Where(line => line.Length > 0 && !char.IsWhiteSpace(line[0]))
                .Select(line => line.Split(": ", 2))
                .Where(pair => pair.Length == 2)
                .GroupBy(pair => pair[0])
                .ToDictionary(group => group.Key, group => group.First()[1].Trim());
            string Field(string name) => fields.GetValueOrDefault(name, "");
            if (Field("Package").Length == 0 || !Field("Status").EndsWith(" installed", StringComparison.Ordinal))
            {
                continue;
            }

            // "Source: glibc (2.36-9)" when the source has another version than the package.
            var source = Field("Source").Split(" (", 2);
            var name = source[0].Length > 0 ? source[0] : Field("Package");
            yield return new Package(Field("Package"), Field("Version"), name, Field("Architecture"))
            {
                SourceVersion = source.Length == 2 ? source[1].TrimEnd(')') : Field("Version"),
            };
        }
    }

    private static IEnumerable<Package> ParseRpm(string lines) =>
        lines
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('\t'))
            .Where(columns => columns.Length == 4 && columns[0] != "gpg-pubkey")
            .Select(columns => new Package(columns[0], Version(columns[1]), SourceName(columns[2]), columns[3]));

    private static string Version(string epochAndVersion) => epochAndVersion.StartsWith("0:") ? epochAndVersion[2..] : epochAndVersion;

    /// <summary>The name in <c>name-version-release.src.rpm</c>.</summary>
    private static string SourceName(string file)
    {
        var parts = file.Split('-');
        return parts.Length > 2 ? string.Join('-', parts[..^2]) : file;
    }
}
