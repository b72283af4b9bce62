using System.Text.Json.Nodes;

namespace BakeWorker.LocalCloud.Protocols;

/// <summary>REST-JSON: method and path are the action, errors carry their type in a header.</summary>
internal sealed class RestJsonProtocol(IRestService service) : IWireProtocol
{
    private const string ContentType = "application/json";

    public string? FindAction(WireRequest request) => service.FindAction(request.Method, request.Path);

    public async ValueTask<WireResponse> AnswerAsync(Call call, WireRequest request, CancellationToken ct)
    {
        var result = await service.InvokeAsync(call, WireJson.Read(request.Body), ct);
        return WireJson.Render(200, ContentType, result);
    }

    public WireResponse Refuse(CloudException error, string requestId)
    {
        var (code, status) = error.Code is "InvalidAction" or "MissingAction"
            ? ("UnknownOperationException", 404)
            : (error.Code, error.Status);
        return WireJson.Render(status, ContentType, new JsonObject { ["message"] = error.Message }) with
        {
            Headers = new Dictionary<string, string> { ["x-amzn-errortype"] = code },
        };
    }

    public CloudException WrongRegion(string region) =>
        new("InvalidSignatureException", $"Credential should be scoped to a valid region, not '{region}'.", 403);
}
