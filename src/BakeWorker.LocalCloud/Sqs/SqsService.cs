using System.Text.Json.Nodes;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Sqs;

/// <summary>SQS: queues with visibility, long polling, FIFO order and dead-letter redrive.</summary>
public sealed class SqsService : IJsonService
{
    private readonly LocalCloudAccount _account;
    private readonly Queues _queues;
    private readonly Receiving _receiving;
    private readonly Dictionary<string, Func<Call, JsonObject, JsonObject>> _actions;

    public SqsService(LocalCloudAccount account)
    {
        var queues = new Queues(account);
        (_account, _queues) = (account, queues);
        _receiving = new(account, queues);
        var administration = new Administration(account, queues, _receiving);
        var settings = new QueueSettings(account, queues);
        var tags = new QueueTags(queues);
        var sending = new Sending(account, queues, _receiving);
        var settling = new Settling(account, queues, _receiving);
        var moves = new MoveTasks(account, queues, _receiving);
        _actions = new()
        {
            ["CreateQueue"] = administration.Create,
            ["GetQueueUrl"] = administration.GetUrl,
            ["ListQueues"] = administration.List,
            ["ListDeadLetterSourceQueues"] = administration.ListDeadLetterSources,
            ["DeleteQueue"] = administration.Delete,
            ["PurgeQueue"] = administration.Purge,
            ["GetQueueAttributes"] = settings.Get,
            ["SetQueueAttributes"] = settings.Set,
            ["TagQueue"] = tags.Tag,
            ["UntagQueue"] = tags.Untag,
            ["ListQueueTags"] = tags.List,
            ["SendMessage"] = sending.Send,
            ["SendMessageBatch"] = sending.SendBatch,
            ["DeleteMessage"] = settling.Delete,
            ["DeleteMessageBatch"] = settling.DeleteBatch,
            ["ChangeMessageVisibility"] = settling.ChangeVisibility,
            ["ChangeMessageVisibilityBatch"] = settling.ChangeVisibilityBatch,
            ["StartMessageMoveTask"] = moves.Start,
            ["CancelMessageMoveTask"] = moves.Cancel,
            ["ListMessageMoveTasks"] = moves.List,
        };
    }

    /// <summary>How many messages a queue holds, those in flight included: as it truly is.</summary>
    public int CountMessages(string region, string queue)
    {
        lock (_account.Gate)
        {
            return _queues.Find(region, queue)?.Messages.Count ?? 0;
        }
    }

    public ValueTask<JsonObject> InvokeAsync(Call call, JsonObject input, CancellationToken ct)
    {
        try
        {
            return call.Action == "ReceiveMessage" ? _receiving.ReceiveAsync(call, input, ct) : new(Invoke(call, input));
        }
        finally
        {
            _account.Clock.RunReleased();
        }
    }

    private JsonObject Invoke(Call call, JsonObject input)
    {
        var action = _actions.GetValueOrDefault(call.Action) ?? throw CloudException.UnknownAction(call);
        lock (_account.Gate)
        {
            return action(call, input);
        }
    }
}
