using System.Text;
using System.Xml.Linq;

namespace BakeWorker.LocalCloud.Protocols;

/// <summary>What the two Query protocols share: a form in, XML out.</summary>
internal abstract class QueryProtocol(IQueryService service, XNamespace ns) : IWireProtocol
{
    protected XNamespace Namespace { get; } = ns;

    public string? FindAction(WireRequest request) => Read(request).String("Action");

    public async ValueTask<WireResponse> AnswerAsync(Call call, WireRequest request, CancellationToken ct)
    {
        var result = await service.InvokeAsync(call, Read(request), ct);
        return WireXml.Render(200, Envelope(call, result), Namespace);
    }

    public abstract WireResponse Refuse(CloudException error, string requestId);

    public abstract CloudException WrongRegion(string region);

    protected abstract XElement Envelope(Call call, IEnumerable<XElement> result);

    protected virtual QueryInput Read(WireRequest request) =>
        QueryInput.Parse(request.Body.Length > 0 ? Encoding.UTF8.GetString(request.Body) : request.Query);
}
