using System.Diagnostics;

namespace BakeWorker.LocalCloud.Guests.Host;

/// <summary>A script that runs as root of new namespaces, in a folder of the host; its arguments name what is in that folder.</summary>
internal sealed record HostNamespace(string Folder, string Script, params string[] Arguments)
{
    /// <summary>A folder that belongs to the root of the namespaces from now on.</summary>
    public string? Owned { get; init; }

    /// <summary>A file the script reads as descriptor 5.</summary>
    public string? Input { get; init; }

    /// <summary>A file that standard output goes to.</summary>
    public string? Output { get; init; }

    /// <summary>False gives it an empty network of its own.</summary>
    public bool SharesNetwork { get; init; } = true;

    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>Starts it; when its standard input closes, or we die, everything in it is killed.</summary>
    public Process Start()
    {
        var variables = new Dictionary<string, string>(Variables)
        {
            ["BW_INSIDE"] = Script,
            ["BW_FOLDER"] = Folder,
            ["BW_NETWORK"] = SharesNetwork ? "host" : "none",
            ["BW_OWNED"] = Owned ?? "",
            ["BW_INPUT"] = Input ?? "",
            ["BW_OUTPUT"] = Output ?? "",
        };
        return HostTool.Start([.. HostTool.Limits, "sh", "-c", HostScripts.Namespace, "namespace", .. Arguments], variables);
    }

    /// <summary>Runs it to its end; what went wrong becomes a <see cref="GuestHostException"/> that begins with what was attempted.</summary>
    public async Task RunAsync(string attempt, CancellationToken ct, Action<string>? onLine = null)
    {
        using var process = Start();
        var result = await HostTool.FinishAsync(process, onLine, process.StandardInput.Close, ct);
        if (result.ExitCode != 0)
        {
            throw new GuestHostException($"{attempt}: {result.Reason}");
        }
    }
}
