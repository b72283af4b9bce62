namespace BakeWorker.LocalCloud.Protocols;

/// <summary>An HTTP request as both the in-memory handler and Kestrel deliver it. Header names are case-insensitive.</summary>
public sealed record WireRequest(string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    /// <summary><c>http</c> or <c>https</c>, as the caller wrote it.</summary>
    public string Scheme { get; init; } = "http";

    public string? Header(string name) => Headers.TryGetValue(name, out var value) ? value : null;
}

/// <summary>The answer to a <see cref="WireRequest"/>.</summary>
public sealed record WireResponse(int Status, string ContentType, byte[] Body)
{
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();
}

/// <summary>Who calls, where, and what: read from the SigV4 credential scope and the protocol's own place for the action.</summary>
public sealed record Call(string Service, string Region, string Action, string RequestId)
{
    /// <summary>Scheme and host that the caller used, such as <c>http://127.0.0.1:4566</c>: URLs in answers begin with it.</summary>
    public string Endpoint { get; init; } = "http://localhost";

    /// <summary>The request's path; older SQS clients name the queue there.</summary>
    public string Path { get; init; } = "/";

    public string AccessKeyId { get; init; } = "";
}
