using System.Text;
using System.Text.Json.Nodes;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Sqs;

/// <summary>Redrive of dead letters: a task that moves a dead-letter queue's messages on, second by second.</summary>
internal sealed class MoveTasks(LocalCloudAccount account, Queues queues, Receiving receiving)
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);
    private readonly List<MoveTask> _tasks = [];

    public JsonObject Start(Call call, JsonObject input)
    {
        var source = Source(input);
        var destination = input.String("DestinationArn");
        if (destination is not null && queues.FindByArn(destination) is null)
        {
            throw NotFound("DestinationArn");
        }

        var rate = input.Int("MaxNumberOfMessagesPerSecond");
        if (rate is < 1 or > 500)
        {
            throw SqsErrors.InvalidValue("MaxNumberOfMessagesPerSecond", rate, "Must be between 1 and 500.");
        }

        if (!queues.SourcesOf(source).Any())
        {
            throw SqsErrors.Invalid("Source queue must be configured as a Dead Letter Queue.");
        }

        if (_tasks.Exists(other => other.Source == source && other.IsActive))
        {
            throw SqsErrors.Invalid(
                "There is already a task running. Only one active task is allowed for a source queue arn at a given time."
            );
        }

        var handle = Convert.ToBase64String(
            Encoding.UTF8.GetBytes($"{{\"taskId\":\"{account.NewUuid()}\",\"sourceArn\":\"{source.Arn}\"}}")
        );
        var task = new MoveTask(handle, source, destination, rate, account.Clock.Now) { ToMove = source.Messages.Count };
        _tasks.Add(task);
        account.Clock.After(Pace, () => Step(task));
        return new() { ["TaskHandle"] = handle };
    }

    public JsonObject Cancel(Call call, JsonObject input)
    {
        var handle = input.String("TaskHandle") ?? throw SqsErrors.Missing("TaskHandle");
        var task = _tasks.Find(item => item.Handle == handle && item.IsActive) ?? throw NotFound("TaskHandle");
        task.Status = "CANCELLED";
        return new() { ["ApproximateNumberOfMessagesMoved"] = task.Moved };
    }

    public JsonObject List(Call call, JsonObject input)
    {
        var source = Source(input);
        var max = input.Int("MaxResults") ?? 1;
        if (max is < 1 or > 10)
        {
            throw SqsErrors.InvalidValue("MaxResults", max, "Must be between 1 and 10.");
        }

        var latest = _tasks.Where(task => task.Source == source).Reverse().Take(max);
        return new() { ["Results"] = new JsonArray([.. latest.Select(task => (JsonNode)task.ToJson())]) };
    }

    private void Step(MoveTask task)
    {
        if (!task.IsActive)
        {
            return;
        }

        var now = account.Clock.Now;
        task.Source.Expire(now);
        foreach (var message in task.Source.Messages.Where(message => message.VisibleAt <= now).Take(task.Rate ?? 500).ToList())
        {
            if (queues.FindByArn(task.DestinationArn ?? message.DeadLetterSourceArn) is not { } destination)
            {
                (task.Status, task.FailureReason) = ("FAILED", "CouldNotDetermineMessageSource");
                return;
            }

            task.Source.Remove(message);
            destination.Add(Renew(message, destination, now));
            task.Moved++;
            receiving.Deliver(destination);
        }

        if (task.Moved >= task.ToMove || !task.Source.Messages.Any(message => message.VisibleAt <= now))
        {
            task.Status = "COMPLETED";
            return;
        }

        account.Clock.After(Pace, () => Step(task));
    }

    /// <summary>A redriven message is a new one: its id, its age and its receives begin again.</summary>
    private StoredMessage Renew(StoredMessage message, Queue destination, DateTimeOffset now) =>
        new()
        {
            MessageId = account.NewUuid(),
            Body = message.Body,
            BodyDigest = message.BodyDigest,
            SentAt = now,
            VisibleAt = now,
            Attributes = message.Attributes,
            TraceHeader = message.TraceHeader,
            GroupId = message.GroupId,
            DeduplicationId = message.DeduplicationId,
            SequenceNumber = destination.IsFifo ? destination.Deduplication.NextSequenceNumber() : null,
        };

    private Queue Source(JsonObject input) =>
        queues.FindByArn(input.String("SourceArn") ?? throw SqsErrors.Missing("SourceArn")) ?? throw NotFound("SourceArn");

    private static CloudException NotFound(string parameter) =>
        new("ResourceNotFoundException", $"The resource that you specified for the {parameter} parameter doesn't exist.", 404);
}

/// <summary>One redrive and how far it is.</summary>
internal sealed class MoveTask(string handle, Queue source, string? destinationArn, int? rate, DateTimeOffset startedAt)
{
    public string Handle { get; } = handle;
    public Queue Source { get; } = source;
    public string? DestinationArn { get; } = destinationArn;
    public int? Rate { get; } = rate;
    public required long ToMove { get; init; }
    public long Moved { get; set; }
    public string Status { get; set; } = "RUNNING";
    public string? FailureReason { get; set; }
    public bool IsActive => Status == "RUNNING";

    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["Status"] = Status,
            ["SourceArn"] = Source.Arn,
            ["ApproximateNumberOfMessagesMoved"] = Moved,
            ["ApproximateNumberOfMessagesToMove"] = ToMove,
            ["StartedTimestamp"] = startedAt.ToUnixTimeMilliseconds(),
        };
        Put(json, "TaskHandle", IsActive ? Handle : null);
        Put(json, "DestinationArn", DestinationArn);
        Put(json, "FailureReason", FailureReason);
        Put(json, "MaxNumberOfMessagesPerSecond", Rate);
        return json;
    }

    private static void Put(JsonObject json, string name, JsonNode? value)
    {
        if (value is not null)
        {
            json[name] = value;
        }
    }
}
