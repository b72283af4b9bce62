using System.Text.Json.Nodes;
using BakeWorker.LocalCloud.Faults;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Sqs;

/// <summary>What a receiver does with its message: delete it, or change how long it stays hidden.</summary>
internal sealed class Settling(LocalCloudAccount account, Queues queues, Receiving receiving)
{
    public JsonObject Delete(Call call, JsonObject input) => Single(call, input, DeleteOne);

    public JsonObject DeleteBatch(Call call, JsonObject input) => Many(call, input, DeleteOne);

    public JsonObject ChangeVisibility(Call call, JsonObject input) => Single(call, input, ChangeOne);

    public JsonObject ChangeVisibilityBatch(Call call, JsonObject input) => Many(call, input, ChangeOne);

    private JsonObject DeleteOne(Queue queue, JsonObject input)
    {
        if (queue.IsFifo || account.Faults.Find(FaultKind.DeletedMessageReturned, new(queue.Region, "message", queue.Name)) is null)
        {
            queue.Delete(input.String("ReceiptHandle"), account.Clock.Now);
        }

        return [];
    }

    private JsonObject ChangeOne(Queue queue, JsonObject input)
    {
        queue.ChangeVisibility(input.String("ReceiptHandle"), input.Int("VisibilityTimeout"), account.Clock.Now);
        return [];
    }

    private JsonObject Single(Call call, JsonObject input, Func<Queue, JsonObject, JsonObject> settle)
    {
        var queue = queues.Get(call.Region, input.String("QueueUrl"));
        var answer = settle(queue, input);
        // A FIFO group may be free again, or a message visible: somebody may be waiting for it.
        receiving.Deliver(queue);
        return answer;
    }

    private JsonObject Many(Call call, JsonObject input, Func<Queue, JsonObject, JsonObject> settle)
    {
        var queue = queues.Get(call.Region, input.String("QueueUrl"));
        var answer = Batch.Run(Batch.Read(call, input), entry => settle(queue, entry));
        receiving.Deliver(queue);
        return answer;
    }
}
