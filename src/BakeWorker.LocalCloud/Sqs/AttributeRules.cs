using System.Globalization;
using System.Text.Json;

namespace BakeWorker.LocalCloud.Sqs;

/// <summary>Which attributes a queue can be given, and which values they take.</summary>
internal static class AttributeRules
{
    private static readonly Dictionary<string, (int Min, int Max)> Numbers = new()
    {
        ["DelaySeconds"] = (0, 900),
        ["MaximumMessageSize"] = (1024, SizeLimit),
        ["MessageRetentionPeriod"] = (60, 1_209_600),
        ["ReceiveMessageWaitTimeSeconds"] = (0, 20),
        ["VisibilityTimeout"] = (0, 43_200),
        ["KmsDataKeyReusePeriodSeconds"] = (60, 86_400),
    };

    private static readonly Dictionary<string, string[]> Choices = new()
    {
        ["SqsManagedSseEnabled"] = ["true", "false"],
        ["FifoQueue"] = ["true"],
        ["ContentBasedDeduplication"] = ["true", "false"],
        ["DeduplicationScope"] = ["queue", "messageGroup"],
        ["FifoThroughputLimit"] = ["perQueue", "perMessageGroupId"],
    };

    private static readonly string[] FifoOnly = ["FifoQueue", "ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit"];
    private static readonly string[] Documents = ["Policy", "RedrivePolicy", "RedriveAllowPolicy"];

    /// <summary>The most that a message or a batch may weigh, in bytes.</summary>
    public const int SizeLimit = 1024 * 1024;

    /// <summary>What a new queue has where its creator said nothing.</summary>
    public static Dictionary<string, string> Defaults(bool fifo)
    {
        var values = new Dictionary<string, string>
        {
            ["DelaySeconds"] = "0",
            ["MaximumMessageSize"] = SizeLimit.ToString(CultureInfo.InvariantCulture),
            ["MessageRetentionPeriod"] = "345600",
            ["ReceiveMessageWaitTimeSeconds"] = "0",
            ["VisibilityTimeout"] = "30",
            ["SqsManagedSseEnabled"] = "true",
        };
        if (fifo)
        {
            values["FifoQueue"] = "true";
            values["ContentBasedDeduplication"] = "false";
            values["DeduplicationScope"] = "queue";
            values["FifoThroughputLimit"] = "perQueue";
        }

        return values;
    }

    /// <summary>Throws unless the attribute exists for this kind of queue and takes the value.</summary>
    public static void Check(string name, string value, bool fifo)
    {
        if (!fifo && FifoOnly.Contains(name))
        {
            throw SqsErrors.UnknownAttribute(name);
        }

        var valid =
            Numbers.TryGetValue(name, out var range) ? IsWithin(value, range.Min, range.Max)
            : Choices.TryGetValue(name, out var choices) ? choices.Contains(value)
            : Documents.Contains(name) ? value.Length == 0 || IsJsonObject(value)
            : name == "KmsMasterKeyId" ? true
            : throw SqsErrors.UnknownAttribute(name);
        if (!valid)
        {
            throw SqsErrors.InvalidAttribute(name);
        }
    }

    private static bool IsWithin(string value, int min, int max) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max;

    private static bool IsJsonObject(string value)
    {
        try
        {
            using var document = JsonDocument.Parse(value);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
