using System.Xml.Linq;

namespace BakeWorker.LocalCloud.Protocols;

/// <summary>EC2's own dialect of the Query protocol: no result wrapper, the request id in the answer, errors in a list.</summary>
internal sealed class Ec2QueryProtocol(IQueryService service) : QueryProtocol(service, "http://ec2.amazonaws.com/doc/2016-11-15/")
{
    protected override XElement Envelope(Call call, IEnumerable<XElement> result) =>
        new($"{call.Action}Response", new XElement("requestId", call.RequestId), result);

    // EC2 takes an empty parameter for one that was not sent; only a tag or filter may have an empty value.
    protected override QueryInput Read(WireRequest request) =>
        new(
            base.Read(request)
                .Values.Where(pair => pair.Value.Length > 0 || pair.Key.Contains(".Value", StringComparison.Ordinal))
                .ToDictionary()
        );

    public override WireResponse Refuse(CloudException error, string requestId) =>
        WireXml.Render(
            error.Status,
            new XElement(
                "Response",
                new XElement("Errors", new XElement("Error", new XElement("Code", error.Code), new XElement("Message", error.Message))),
                new XElement("RequestID", requestId)
            ),
            XNamespace.None
        );

    public override CloudException WrongRegion(string region) =>
        new("AuthFailure", $"AWS was not able to validate the provided access credentials: there is no region '{region}' here", 401);
}
