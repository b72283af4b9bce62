using System.Globalization;
using System.Text.Json.Nodes;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Sqs;

/// <summary>Where a queue's messages go when they were received too often.</summary>
internal sealed record RedrivePolicy(string TargetArn, int MaxReceiveCount)
{
    /// <summary>Parses the attribute; null when it is empty. Throws what SetQueueAttributes answers for a bad one.</summary>
    public static RedrivePolicy? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        var policy = JsonNode.Parse(text) as JsonObject ?? throw Bad(text, "Redrive policy is not a valid JSON map.");
        var target =
            policy.String("deadLetterTargetArn")
            ?? throw Bad(text, "Redrive policy does not contain mandatory attribute: deadLetterTargetArn.");
        var count = policy["maxReceiveCount"] ?? throw Bad(text, "Redrive policy does not contain mandatory attribute: maxReceiveCount.");
        return int.TryParse(count.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 1000
            ? new(target, number)
            : throw Bad(text, $"Invalid value for maxReceiveCount: {count}, valid values are from 1 to 1000 both inclusive.");
    }

    /// <summary>Throws unless the policy's target is a queue that may take dead letters of this source.</summary>
    public static void Check(string? text, Queue source, Queues queues)
    {
        if (Parse(text) is not { } policy)
        {
            return;
        }

        var target = queues.FindByArn(policy.TargetArn);
        if (target is null || target.Region != source.Region)
        {
            throw Bad(text!, "Dead letter target does not exist.");
        }

        if (target.IsFifo != source.IsFifo)
        {
            throw Bad(text!, "Dead-letter queue must be same type of queue as the source.");
        }

        if (!Allows(target, source.Arn))
        {
            throw Bad(text!, "Dead letter target does not allow this source queue (RedriveAllowPolicy).");
        }
    }

    private static bool Allows(Queue target, string sourceArn)
    {
        if (target.Attribute("RedriveAllowPolicy") is not { Length: > 0 } text)
        {
            return true;
        }

        var policy = (JsonObject)JsonNode.Parse(text)!;
        return policy.String("redrivePermission") switch
        {
            "denyAll" => false,
            "byQueue" => policy.Strings("sourceQueueArns").Contains(sourceArn),
            _ => true,
        };
    }

    private static CloudException Bad(string text, string reason) => SqsErrors.InvalidValue("RedrivePolicy", text, reason);
}
