namespace BakeWorker.LocalCloud.Guests.Scripted;

/// <summary>Small plausible package databases for scripted guests.</summary>
public static class SamplePackages
{
    public static PackageList Debian12 { get; } =
        Of(
            "Debian:12",
            "amd64",
            "apt 2.6.1",
            "base-files 12.4+deb12u12",
            "bash 5.2.15-2+b9 bash",
            "coreutils 9.1-1",
            "curl 7.88.1-10+deb12u14",
            "dpkg 1.21.22",
            "libc6 2.36-9+deb12u13 glibc",
            "libcurl4 7.88.1-10+deb12u14 curl",
            "libssl3 3.0.17-1~deb12u3 openssl",
            "openssl 3.0.17-1~deb12u3",
            "openssh-server 1:9.2p1-2+deb12u7 openssh",
            "perl-base 5.36.0-7+deb12u3 perl",
            "sudo 1.9.13p3-1+deb12u2",
            "systemd 252.39-1~deb12u1",
            "tar 1.34+dfsg-1.2+deb12u1",
            "zlib1g 1:1.2.13.dfsg-1 zlib"
        );

    public static PackageList Ubuntu2404 { get; } =
        Of(
            "Ubuntu:24.04",
            "amd64",
            "bash 5.2.21-2ubuntu4",
            "libc6 2.39-0ubuntu8.6 glibc",
            "openssl 3.0.13-0ubuntu3.6",
            "snapd 2.67.1+24.04"
        );

    public static PackageList AmazonLinux2023 { get; } =
        Of(
            "Amazon Linux:2023",
            "x86_64",
            "bash 5.2.15-1.amzn2023.0.2",
            "glibc 2.34-196.amzn2023.0.1",
            "openssl-libs 1:3.2.2-1.amzn2023.0.1 openssl"
        );

    /// <summary>A list from lines of <c>NAME VERSION [SOURCE]</c>.</summary>
    public static PackageList Of(string ecosystem, string architecture, params string[] lines) =>
        new(
            ecosystem,
            lines
                .Select(line => line.Split(' '))
                .Select(words => new Package(words[0], words[1], words.Length > 2 ? words[2] : words[0], architecture))
                .ToList()
        );

    /// <summary>The list with these packages in place of those of the same name.</summary>
    public static PackageList With(this PackageList list, params IReadOnlyCollection<Package> packages)
    {
        var kept = list.Packages.Where(old => packages.All(package => package.Name != old.Name));
        return list with { Packages = kept.Concat(packages).OrderBy(package => package.Name, StringComparer.Ordinal).ToList() };
    }
}
