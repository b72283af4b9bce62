using System.Diagnostics;
using BakeWorker.Testing;

namespace BakeWorker.Core.Tests.Scripts;

/// <summary>The root directory of a small Debian that is not running: scripts work on it through their ROOT variable.</summary>
internal sealed class FakeRoot : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("bakeworker-root-").FullName;

    public FakeRoot()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The scripts are for Linux.");
        Write(
            "etc/passwd",
            "root:x:0:0:root:/root:/bin/bash\nadmin:x:1000:1000::/home/admin:/bin/bash\nnobody:x:65534:65534::/nonexistent:/bin/false\n"
        );
        Write("etc/group", "root:x:0:\nshadow:x:42:\n");
        Write("etc/shadow", "root:*:20000:0:99999:7:::\nadmin:!:20000:0:99999:7:::\n");
        Write("etc/os-release", "ID=debian\nVERSION_ID=\"12\"\n");
        Write("etc/debian_version", "12.11\n");
        Write("etc/machine-id", "");
        Write("var/lib/dpkg/status", "");
        foreach (
            var directory in (string[])
                ["root", "home/admin", "tmp", "var/tmp", "var/log", "run", "var/lib/dpkg/info", "var/lib/apt/lists/partial"]
        )
        {
            Directory.CreateDirectory(Path(directory));
        }
    }

    public string Folder => folder;

    public string Path(string path) => System.IO.Path.Combine(folder, path.TrimStart('/'));

    public bool Has(string path) => File.Exists(Path(path)) || Directory.Exists(Path(path));

    public string Read(string path) => File.ReadAllText(Path(path));

    public void Write(string path, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path(path))!);
        File.WriteAllText(Path(path), text);
    }

    /// <summary>As if the file had last changed at that time.</summary>
    public void Date(string path, DateTime at) => File.SetLastWriteTimeUtc(Path(path), at);

    /// <summary>A step of the library: <c>linux/cleanup</c>.</summary>
    public ScriptRun RunLibrary(string name, params (string Name, string Value)[] environment) =>
        Run(Checkout.File($"recipes/steps/{name}.sh"), environment);

    /// <summary>A built-in script as it lies in the source.</summary>
    public ScriptRun RunBuiltIn(string name, params (string Name, string Value)[] environment) => Run(BuiltIn(name), environment);

    public static string BuiltIn(string name) => Checkout.File($"src/BakeWorker.Core/Pipeline/Scripts/{name}.sh");

    public ScriptRun Run(string file, params (string Name, string Value)[] environment) =>
        ScriptRun.Of("/bin/sh", ["-c", "exec \"$(sed -n '1s/^#!//p' \"$0\")\" \"$0\"", file], [("ROOT", folder), .. environment]);

    public void Dispose()
    {
        ScriptRun.Of("/bin/chmod", ["-R", "u+rwX", folder], []);
        // Some hold names that are no text, which Directory.Delete cannot say.
        ScriptRun.Of("/bin/rm", ["-rf", "--", folder], []);
    }
}

/// <summary>How a script ended.</summary>
internal sealed record ScriptRun(int ExitCode, string Output, string Error)
{
    public IReadOnlyList<string> Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public static ScriptRun Of(string program, IReadOnlyList<string> arguments, IReadOnlyList<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new ScriptRun(process.ExitCode, output, error.GetAwaiter().GetResult());
    }

    /// <summary>Whether a program is installed here.</summary>
    public static bool Has(string program) => Of("/bin/sh", ["-c", "command -v \"$0\"", program], []).ExitCode == 0;
}
