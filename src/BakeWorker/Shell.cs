using BakeWorker.LocalCloud.Guests;
using BakeWorker.Output;

namespace BakeWorker;

/// <summary>Everything around a command line: where it writes, what the environment says, where it stands, and its clock.</summary>
public sealed record Shell
{
    public required Terminal Terminal { get; init; }

    /// <summary>The process's environment variables.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Relative paths count from here.</summary>
    public required string WorkingFolder { get; init; }
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Ids that must differ from run to run come from here.</summary>
    public Random Random { get; init; } = Random.Shared;

    /// <summary>Makes scripted guests; tests bring their own scenario.</summary>
    public Func<TimeProvider, IGuestHost>? ScriptedGuests { get; init; }

    /// <summary>An environment variable that is set and not empty, else null.</summary>
    public string? Variable(string name) => Environment.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    /// <summary>The path, counted from the working folder.</summary>
    public string FullPath(string path) => Path.GetFullPath(path, WorkingFolder);

    /// <summary>The path as a person here would write it: relative where it lies beneath the working folder.</summary>
    public string ShortPath(string path)
    {
        var relative = Path.GetRelativePath(WorkingFolder, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }
}
