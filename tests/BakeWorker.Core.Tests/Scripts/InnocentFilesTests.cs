namespace BakeWorker.Core.Tests.Scripts;

/// <summary>Files of a real Debian that look like secrets and are none: certificates, documentation, libraries, samples of packages.</summary>
public sealed class InnocentFilesTests
{
    private const int Most = 1500;
    private static readonly string[] Folders =
    [
        "/etc/ssl/certs",
        "/etc/ssh",
        "/etc/default",
        "/etc/pam.d",
        "/etc/security",
        "/etc/init.d",
        "/usr/share/ca-certificates",
        "/usr/share/doc",
        "/usr/share/perl",
        "/usr/share/perl5",
        "/usr/lib/python3",
        "/usr/lib/python3.11",
        "/usr/share/bash-completion",
        "/usr/share/keyrings",
        "/usr/lib/git-core",
    ];
    private static readonly string[] Tempting =
    [
        "PRIVATE KEY",
        "BEGIN CERTIFICATE",
        "AKIA",
        "password",
        "PASSWORD",
        "secret",
        "token",
        "Authorization",
        "api_key",
        "://",
        "$6$",
        "eyJ",
    ];

    [Fact]
    public void Sweep_OfFilesThatPackagesBrought_FindsNothing()
    {
        Assert.SkipUnless(File.Exists("/var/lib/dpkg/status"), "Needs a machine of the Debian family.");
        using var root = new FakeRoot();
        var count = Copy(root);
        foreach (var file in Directory.EnumerateFiles("/var/lib/dpkg/info", "*.md5sums"))
        {
            File.Copy(file, root.Path(file));
        }

        File.Copy("/var/lib/dpkg/status", root.Path("/var/lib/dpkg/status"), overwrite: true);

        var run = root.RunBuiltIn("hygiene-builder", ("SINCE", "0"));

        count.Should().BeGreaterThan(200);
        run.Lines.Should().ContainSingle(run.Error).Which.Should().StartWith("sweep\t0 findings\t0 allowed; ");
        run.ExitCode.Should().Be(0);
    }

    private static int Copy(FakeRoot root)
    {
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            IgnoreInaccessible = true,
            AttributesToSkip = FileAttributes.ReparsePoint,
        };
        var files = Folders
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*", options).Where(IsTempting).Take(Most / 6))
            .Take(Most)
            .ToList();
        foreach (var file in files)
        {
            root.Write(file, "");
            File.Copy(file, root.Path(file), overwrite: true);
        }

        return files.Count;
    }

    private static bool IsTempting(string file)
    {
        if (Path.GetFileName(file).StartsWith("ssh_host_", StringComparison.Ordinal) || new FileInfo(file).Length is 0 or > 500_000)
        {
            return false;
        }

        var text = File.ReadAllText(file);
        return Array.Exists(Tempting, word => text.Contains(word, StringComparison.Ordinal));
    }
}
