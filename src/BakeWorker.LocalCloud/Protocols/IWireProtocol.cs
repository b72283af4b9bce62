namespace BakeWorker.LocalCloud.Protocols;

/// <summary>One service behind the wire format that its clients speak.</summary>
internal interface IWireProtocol
{
    /// <summary>The action that the request names in the protocol's own place; null when it names none.</summary>
    string? FindAction(WireRequest request);

    ValueTask<WireResponse> AnswerAsync(Call call, WireRequest request, CancellationToken ct);

    WireResponse Refuse(CloudException error, string requestId);

    /// <summary>How this protocol says that the caller's scope names a Region that does not exist.</summary>
    CloudException WrongRegion(string region);
}
