using System.Text.Json.Nodes;

namespace BakeWorker.LocalCloud.Protocols;

/// <summary>AWS JSON: the action is in the X-Amz-Target header, errors carry their type in the body.</summary>
internal sealed class JsonProtocol(
    IJsonService service,
    string version,
    string typePrefix = "",
    Func<CloudException, string>? queryCode = null
) : IWireProtocol
{
    public string? FindAction(WireRequest request) =>
        request.Header("X-Amz-Target") is { } target && target.LastIndexOf('.') is > 0 and var dot ? target[(dot + 1)..] : null;

    public async ValueTask<WireResponse> AnswerAsync(Call call, WireRequest request, CancellationToken ct)
    {
        var result = await service.InvokeAsync(call, WireJson.Read(request.Body), ct);
        return WireJson.Render(200, ContentType, result);
    }

    public WireResponse Refuse(CloudException error, string requestId)
    {
        var code = error.Code == "InvalidAction" ? "UnknownOperationException" : error.Code;
        var body = new JsonObject { ["__type"] = typePrefix + code, ["message"] = error.Message };
        var response = WireJson.Render(error.Status, ContentType, body);
        return queryCode is null
            ? response
            : response with
            {
                Headers = new Dictionary<string, string>
                {
                    ["x-amzn-query-error"] = $"{queryCode(error)};{(error.Status < 500 ? "Sender" : "Receiver")}",
                },
            };
    }

    public CloudException WrongRegion(string region) =>
        new("InvalidSignatureException", $"Credential should be scoped to a valid region, not '{region}'.");

    private string ContentType => "application/x-amz-json-" + version;
}
