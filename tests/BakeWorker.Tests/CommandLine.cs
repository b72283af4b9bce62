using System.Text.Json;
using BakeWorker.LocalCloud.Guests.Scripted;
using BakeWorker.Output;
using BakeWorker.Testing;

namespace BakeWorker.Tests;

/// <summary>The command line in this process, with a home and a data folder of its own and virtual time.</summary>
internal sealed class CommandLine : IDisposable
{
    public CommandLine()
    {
        Directory.CreateDirectory(Folder);
        Environment["HOME"] = Folder;
        Environment["BAKEWORKER__RECIPES"] = Checkout.File("recipes");
    }

    public string Folder { get; } =
        Path.Combine(Path.GetTempPath(), $"bakeworker-tests-{System.Environment.ProcessId}-{Random.Shared.NextInt64():x}");
    public Dictionary<string, string> Environment { get; } = [];
    public VirtualTime Time { get; } = new();
    public Scenario Scenario { get; } = new();
    public ScriptedGuestHost? Guests { get; private set; }
    public StringWriter Output { get; private set; } = new();
    public StringWriter Error { get; private set; } = new();

    /// <summary>Columns of that screen.</summary>
    public int Width { get; set; } = 120;

    /// <summary>Both streams are a screen.</summary>
    public bool IsScreen { get; set; }

    public string[] ErrorLines => Error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Standard output as the one document it must be.</summary>
    public JsonElement Json => JsonDocument.Parse(Output.ToString()).RootElement;

    /// <summary>Runs to the end on virtual time and answers the exit code.</summary>
    public int Run(params string[] args) => Run(CancellationToken.None, args);

    public int Run(CancellationToken stop, params string[] args)
    {
        (Output, Error) = (new StringWriter(), new StringWriter());
        return Time.Run(() => Cli.RunAsync(args, Shell(Time), stop));
    }

    /// <summary>Bakes the shipped Debian with scripted guests.</summary>
    public int Bake(params string[] args) => Run(["bake", "debian-12-base", "--guest", "scripted", .. args]);

    public Shell Shell(TimeProvider time) =>
        new()
        {
            Terminal = Terminal.For(Output, Error, IsScreen, IsScreen, Environment, Width),
            Environment = Environment,
            WorkingFolder = Folder,
            Time = time,
            ScriptedGuests = clock => Guests = new ScriptedGuestHost(clock, Scenario),
        };

    /// <summary>Writes a file below the folder the commands run in.</summary>
    public string Write(string path, string text)
    {
        var full = Path.Combine(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
        return full;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
