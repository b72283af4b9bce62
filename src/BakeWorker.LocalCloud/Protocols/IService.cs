using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace BakeWorker.LocalCloud.Protocols;

/// <summary>A service that speaks a Query protocol: the result is the content of the response element, without its wrapper.</summary>
public interface IQueryService
{
    /// <summary>Answers the children of <c>&lt;ActionResponse&gt;</c> (EC2) or <c>&lt;ActionResult&gt;</c> (other Query services).</summary>
    ValueTask<IEnumerable<XElement>> InvokeAsync(Call call, QueryInput input, CancellationToken ct);
}

/// <summary>A service that speaks AWS JSON (SSM 1.1, SQS 1.0) or REST-JSON (Inspector2: the action is read from the path).</summary>
public interface IJsonService
{
    ValueTask<JsonObject> InvokeAsync(Call call, JsonObject input, CancellationToken ct);
}

/// <summary>A REST-JSON service: its routes say which action a method and a path mean.</summary>
public interface IRestService : IJsonService
{
    /// <summary>The action behind a method and a path; null when there is none.</summary>
    string? FindAction(string method, string path);
}
