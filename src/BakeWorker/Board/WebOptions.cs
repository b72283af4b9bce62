namespace BakeWorker.Board;

/// <summary>Section <c>Web</c>: where the worker shows itself, and to whom.</summary>
public sealed class WebOptions
{
    /// <summary>Where it listens unless a setting says so: this machine only.</summary>
    public const string Default = "http://127.0.0.1:8080";

    /// <summary>Address of the board, its API, health and metrics; empty for none. Null is <see cref="Default"/>, given up when it is taken.</summary>
    public string? Listen { get; set; }

    /// <summary>Host names by which browsers may ask for it, besides its own address; a proxy's, for example.</summary>
    public IList<string> Hosts { get; set; } = [];

    /// <summary>Where a bake's trace is looked at, with <c>{traceId}</c> in its place.</summary>
    public string TraceUrl { get; set; } = "";

    /// <summary>Whether there is a board at all.</summary>
    public bool IsOn() => Listen is not "";
}
