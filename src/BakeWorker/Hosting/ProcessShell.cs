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
        var (isOutputScreen, isErrorScreen) = (!Console.IsOutputRedirected, !Console.IsErrorRedirected);
        return new Shell
        {
            Environment = environment,
            WorkingFolder = Environment.CurrentDirectory,
            Terminal = Terminal.For(
                Console.Out,
                Console.Error,
                isOutputScreen,
                isErrorScreen,
                environment,
                isOutputScreen ? Console.WindowWidth : 0
            ),
        };
    }
}
