using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Text.RegularExpressions;
using BakeWorker.Core.Pipeline;
using BakeWorker.Testing;

namespace BakeWorker.Core.Tests.Scripts.Windows;

/// <summary>
/// Runs scripts of the Windows library by PowerShell's own engine, among stand-ins for what they ask of Windows (FakeWindows.ps1). Environment and
/// error output are put in the script's way, because a process has only one of each.
/// </summary>
internal sealed partial class WindowsMachine : IDisposable
{
    private readonly Runspace _runspace;
    private readonly string _folder = Directory.CreateTempSubdirectory("bakeworker-windows-").FullName;

    public WindowsMachine()
    {
        _runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        _runspace.Open();
        using var stream = typeof(WindowsMachine).Assembly.GetManifestResourceStream("FakeWindows.ps1")!;
        using var reader = new StreamReader(stream);
        Ask(reader.ReadToEnd());
    }

    /// <summary>A file of the machine, whose drive is a folder of the test.</summary>
    public string Path(string path) => System.IO.Path.Combine(_folder, path);

    public void Write(string path, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path(path))!);
        File.WriteAllText(Path(path), text);
    }

    /// <summary>What the stand-ins were told to do.</summary>
    public IReadOnlyList<string> Calls => Ask("$global:Calls");

    /// <summary>Runs lines of the test's own, and returns what they print.</summary>
    public IReadOnlyList<string> Ask(string text)
    {
        using var shell = PowerShell.Create(_runspace);
        return [.. shell.AddScript(text).Invoke().Select(one => $"{one}")];
    }

    /// <summary>A script of the library, such as patch, as the SSM agent would run it.</summary>
    public WindowsRun Run(string name, params (string Name, string Value)[] environment) =>
        RunText(name, File.ReadAllText(Library(name)), environment);

    /// <summary>A script of the worker's own, on a machine whose folders are where Windows has them.</summary>
    public WindowsRun Run(GuestTask task, params (string Name, string Value)[] environment) =>
        RunText(
            task.Key,
            task.Script!,
            [
                ("SystemDrive", _folder),
                ("SystemRoot", Path("Windows")),
                ("ProgramData", Path("ProgramData")),
                ("ProgramFiles", Path("Program Files")),
                .. task.Environment.Select(pair => (pair.Key, pair.Value)),
                .. environment,
            ]
        );

    private WindowsRun RunText(string name, string text, IReadOnlyList<(string Name, string Value)> environment)
    {
        var file = Path($"scripts/{name}.ps1");
        Write(
            file,
            EnvironmentPattern()
                .Replace(ProgramPattern().Replace(text, "& ${name}"), "$$global:Env_${name}")
                .Replace("[Console]::Error.WriteLine(", "Write-FakeError(", StringComparison.Ordinal)
                .Replace("[Console]::Out.WriteLine(", "Write-FakeOutput(", StringComparison.Ordinal)
        );
        // Strict mode knows no variable that was never set; the environment gives nothing for one.
        var names = EnvironmentPattern().Matches(text + "$env:ProgramData").Select(match => match.Groups["name"].Value).Distinct();
        foreach (var one in names.Except(environment.Select(pair => pair.Name)))
        {
            _runspace.SessionStateProxy.SetVariable($"Env_{one}", one is "ProgramData" or "SystemRoot" or "SystemDrive" ? _folder : null);
        }

        foreach (var (variable, value) in environment)
        {
            _runspace.SessionStateProxy.SetVariable($"Env_{variable}", value);
        }

        try
        {
            var output = Ask(
                $"$global:Errors = [Collections.Generic.List[string]]::new(); $global:Printed = [Collections.Generic.List[string]]::new(); & '{file}'"
            );
            var code = Ask("$global:LASTEXITCODE")[0];
            return new WindowsRun(int.Parse(code), [.. output, .. Ask("$global:Printed")], string.Join('\n', Ask("$global:Errors")));
        }
        catch (RuntimeException e)
        {
            return new WindowsRun(1, [], e.Message);
        }
    }

    public static string Library(string name) => Checkout.File($"recipes/steps/windows/{name}.ps1");

    public void Dispose()
    {
        _runspace.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    // A stand-in has a name, and no place.
    [GeneratedRegex(@"& ""\$env:[^""]*\\(?<name>[A-Za-z0-9]+\.exe)""")]
    private static partial Regex ProgramPattern();

    [GeneratedRegex(@"\$env:(?<name>[A-Za-z0-9_]+)")]
    private static partial Regex EnvironmentPattern();
}

/// <summary>How a Windows script ended.</summary>
internal sealed record WindowsRun(int ExitCode, IReadOnlyList<string> Output, string Error);
