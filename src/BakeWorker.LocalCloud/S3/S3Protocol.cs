using System.Xml.Linq;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.S3;

/// <summary>REST-XML as S3 speaks it: method and address are the action, bodies are the objects themselves, errors are XML.</summary>
internal sealed class S3Protocol(S3Service service) : IWireProtocol
{
    public string? FindAction(WireRequest request) =>
        (request.Method, ObjectAddress.Of(request).Key.Length > 0) switch
        {
            ("PUT", true) => "PutObject",
            ("GET", true) => "GetObject",
            ("DELETE", true) => "DeleteObject",
            ("PUT", false) => "CreateBucket",
            _ => null,
        };

    public ValueTask<WireResponse> AnswerAsync(Call call, WireRequest request, CancellationToken ct) => new(service.Answer(call, request));

    public WireResponse Refuse(CloudException error, string requestId)
    {
        var (code, status) = error.Code is "InvalidAction" or "MissingAction" ? ("NotImplemented", 501) : (error.Code, error.Status);
        var body = new XElement(
            "Error",
            new XElement("Code", code),
            new XElement("Message", error.Message),
            new XElement("RequestId", requestId)
        );
        return WireXml.Render(status, body, XNamespace.None);
    }

    public CloudException WrongRegion(string region) =>
        new("AuthorizationHeaderMalformed", $"The authorization header is malformed; the region '{region}' is wrong.");
}
