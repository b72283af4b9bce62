using System.Text.RegularExpressions;

namespace BakeWorker.LocalCloud.Guests.Host;

/// <summary>A release of Debian that a base can be made of.</summary>
internal sealed partial record DebianRelease(int Version, string Codename)
{
    public const string Keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

    // What Debian's cloud image has that a minimal system lacks and steps count on.
    private const string Wanted =
        "systemd,systemd-sysv,dbus,openssh-server,procps,iproute2,ca-certificates,curl,sudo,cron,netbase,kmod,tzdata";

    private static readonly DebianRelease[] All = [new(11, "bullseye"), new(12, "bookworm"), new(13, "trixie")];

    public string Packages => Wanted;

    /// <summary>Any name that a Debian image goes by: <c>debian-12</c> or <c>debian-12-amd64-20250530-2128</c>. Null for others.</summary>
    public static DebianRelease? Find(string name, string architecture) =>
        Name().Match(name) is { Success: true } match && Architecture(match) == architecture
            ? Array.Find(All, release => release.Version.ToString() == match.Groups["version"].Value)
            : null;

    private static string Architecture(Match match) => match.Groups["architecture"] is { Success: true } named ? named.Value : "amd64";

    /// <summary>Where Debian itself serves the release.</summary>
    public IReadOnlyList<AptSource> Archives =>
        [
            new("http://deb.debian.org/debian", Codename, "main") { SignedBy = Keyring },
            new("http://deb.debian.org/debian", $"{Codename}-updates", "main") { SignedBy = Keyring },
            new("http://deb.debian.org/debian-security", $"{Codename}-security", "main") { SignedBy = Keyring },
        ];

    /// <summary>The same as the file that a base has for it.</summary>
    public string SourcesFile =>
        $"""
            Types: deb
            URIs: http://deb.debian.org/debian
            Suites: {Codename} {Codename}-updates
            Components: main
            Signed-By: {Keyring}

            Types: deb
            URIs: http://deb.debian.org/debian-security
            Suites: {Codename}-security
            Components: main
            Signed-By: {Keyring}

            """;

    [GeneratedRegex(
        @"^debian-(?<version>\d+)(-(?<architecture>amd64|arm64))?(-\d{8}-\d+)?$",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Name();
}
