using System.Text.Json.Nodes;
using BakeWorker.LocalCloud.Guests;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Ssm;

/// <summary>SSM: Run Command, managed nodes and Parameter Store.</summary>
public sealed class SsmService(LocalCloudAccount account, IMachines machines) : IJsonService
{
    public ValueTask<JsonObject> InvokeAsync(Call call, JsonObject input, CancellationToken ct)
    {
        _ = (account, machines);
        throw CloudException.UnknownAction(call);
    }
}
