using System.Collections;
using BakeWorker.Output;

namespace BakeWorker.Hosting;

/// <summary>The shell of the real process: the one place that reads its environment and its console.</summary>
public static class ProcessShell
{
    public static Shell Open()
    {
        var environment = Environment
            .GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .ToDictionary(pair => (string)pair.Key, pair => (string?)pair.Value ?? "");
        var plain = environment.GetValueOrDefault("NO_COLOR") is { Length: > 0 } || environment.GetValueOrDefault("TERM") == "dumb";
        return new Shell
        {
            Environment = environment,
            WorkingFolder = Environment.CurrentDirectory,
            Terminal = new Terminal(Console.Out, Console.Error)
            {
                HasColor = !plain && !Console.IsOutputRedirected,
                IsInteractive = !plain && !Console.IsOutputRedirected && !Console.IsErrorRedirected,
                Width = Console.IsOutputRedirected ? 100 : Math.Max(Console.WindowWidth, 60),
            },
        };
    }
}
