namespace BakeWorker.Core.Tests.Scripts;

/// <summary>A folder of programs that is all a script finds on its PATH: real basic tools, and stand-ins that write down how they were called.</summary>
internal sealed class Programs : IDisposable
{
    private static readonly string[] Basic =
    [
        "awk",
        "base64",
        "basename",
        "cat",
        "cksum",
        "cp",
        "cut",
        "env",
        "grep",
        "head",
        "id",
        "mkdir",
        "mktemp",
        "rm",
        "sed",
        "sh",
        "sha256sum",
        "sleep",
        "sort",
        "tail",
        "timeout",
        "tr",
        "wc",
    ];

    public Programs()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The scripts are for Linux.");
        Directory.CreateDirectory(At("bin"));
        foreach (var tool in Basic)
        {
            Link(tool);
        }
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("bakeworker-programs-").FullName;

    /// <summary>Every call of a stand-in so far, in order, as it was written.</summary>
    public IReadOnlyList<string> Calls => File.Exists(At("calls")) ? File.ReadAllLines(At("calls")) : [];

    public string At(string name) => Path.Combine(Folder, name);

    /// <summary>A curl that knows the metadata of an instance, and hands out files of the folder by the last part of their address.</summary>
    public void AddDownloads() =>
        Add(
            "curl",
            $"""
            out=''
            while [ $# -gt 0 ]; do
              case $1 in -o) out=$2; shift ;; http*) url=$1 ;; esac
              shift
            done
            case $url in
              */api/token) echo token ;;
              */region) echo eu-west-1 ;;
              */domain) echo amazonaws.com ;;
              *) cp "{Folder}/$(basename "$url")" "$out" ;;
            esac
            """
        );

    /// <summary>The machine's own program of that name, where it has one.</summary>
    public void Link(string name)
    {
        var real = ScriptRun.Of("/bin/sh", ["-c", "command -v \"$0\"", name], []).Output.Trim();
        if (real.Length > 0)
        {
            File.CreateSymbolicLink(At($"bin/{name}"), real);
        }
    }

    /// <summary>A stand-in: notes its call, then runs these shell lines.</summary>
    public void Add(string name, string text = "")
    {
        // What is there may be a link, and writing would go through it to the machine's own program.
        File.Delete(At($"bin/{name}"));
        File.WriteAllText(At($"bin/{name}"), $"#!/bin/sh\necho \"{name} $*\" >>'{At("calls")}'\n{text}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(At($"bin/{name}"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }

    public ScriptRun Run(string script, params (string Name, string Value)[] environment) => Run(script, "sh", environment);

    /// <summary>By another shell than sh.</summary>
    public ScriptRun Run(string script, string shell, params (string Name, string Value)[] environment) =>
        ScriptRun.Of($"/bin/{shell}", [script], [("PATH", At("bin")), .. environment]);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
