namespace BakeWorker.LocalCloud.Protocols;

/// <summary>An HTTP request as both the in-memory handler and Kestrel deliver it. Header names are case-insensitive.</summary>
public sealed record WireRequest(string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string? Header(string name) => Headers.TryGetValue(name, out var value) ? value : null;
}

/// <summary>The answer to a <see cref="WireRequest"/>.</summary>
public sealed record WireResponse(int Status, string ContentType, byte[] Body)
{
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();
}

/// <summary>Who calls, where, and what: read from the SigV4 credential scope and the protocol's own place for the action.</summary>
public sealed record Call(string Service, string Region, string Action, string RequestId);
