using System.Text.Json.Nodes;
using BakeWorker.LocalCloud.Guests;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Inspector;

/// <summary>Inspector2: coverage, findings and on-demand scans.</summary>
public sealed class InspectorService(LocalCloudAccount account, IMachines machines) : IRestService
{
    public string? FindAction(string method, string path) => null;

    public ValueTask<JsonObject> InvokeAsync(Call call, JsonObject input, CancellationToken ct)
    {
        _ = (account, machines);
        throw CloudException.UnknownAction(call);
    }
}
