using System.Xml.Linq;

namespace BakeWorker.LocalCloud.Protocols;

/// <summary>The Query protocol of STS and of SQS's older clients. <paramref name="rename"/> gives errors the code and status they have here.</summary>
internal sealed class AwsQueryProtocol(IQueryService service, XNamespace ns, Func<CloudException, CloudException>? rename = null)
    : QueryProtocol(service, ns)
{
    // Clients look for the result element even when it is empty.
    protected override XElement Envelope(Call call, IEnumerable<XElement> result) =>
        new(
            $"{call.Action}Response",
            new XElement($"{call.Action}Result", result),
            new XElement("ResponseMetadata", new XElement("RequestId", call.RequestId))
        );

    public override WireResponse Refuse(CloudException error, string requestId)
    {
        var renamed = rename?.Invoke(error) ?? error;
        return WireXml.Render(
            renamed.Status,
            new XElement(
                "ErrorResponse",
                new XElement(
                    "Error",
                    new XElement("Type", renamed.Status < 500 ? "Sender" : "Receiver"),
                    new XElement("Code", renamed.Code),
                    new XElement("Message", renamed.Message),
                    new XElement("Detail")
                ),
                new XElement("RequestId", requestId)
            ),
            Namespace
        );
    }

    public override CloudException WrongRegion(string region) =>
        new("SignatureDoesNotMatch", $"Credential should be scoped to a valid region, not '{region}'.", 403);
}
