using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Sqs;

/// <summary>SQS's refusals. They are raised under their JSON names; clients of the Query protocol know most of them by another code.</summary>
internal static class SqsErrors
{
    private const string Prefix = "AWS.SimpleQueueService.";

    private static readonly Dictionary<string, (string Code, int Status)> Query = new()
    {
        ["InvalidParameterValueException"] = ("InvalidParameterValue", 400),
        ["MissingRequiredParameterException"] = ("MissingParameter", 400),
        ["BatchEntryIdsNotDistinct"] = (Prefix + "BatchEntryIdsNotDistinct", 400),
        ["BatchRequestTooLong"] = (Prefix + "BatchRequestTooLong", 400),
        ["EmptyBatchRequest"] = (Prefix + "EmptyBatchRequest", 400),
        ["InvalidBatchEntryId"] = (Prefix + "InvalidBatchEntryId", 400),
        ["MessageNotInflight"] = (Prefix + "MessageNotInflight", 400),
        ["PurgeQueueInProgress"] = (Prefix + "PurgeQueueInProgress", 403),
        ["QueueDeletedRecently"] = (Prefix + "QueueDeletedRecently", 400),
        ["QueueDoesNotExist"] = (Prefix + "NonExistentQueue", 400),
        ["QueueNameExists"] = ("QueueAlreadyExists", 400),
        ["TooManyEntriesInBatchRequest"] = (Prefix + "TooManyEntriesInBatchRequest", 400),
        ["UnsupportedOperation"] = (Prefix + "UnsupportedOperation", 400),
        ["OverLimit"] = ("OverLimit", 403),
        ["InvalidAddress"] = ("InvalidAddress", 404),
        ["ReceiptHandleIsInvalid"] = ("ReceiptHandleIsInvalid", 404),
        ["ResourceNotFoundException"] = ("ResourceNotFoundException", 404),
    };

    /// <summary>The code that goes into the x-amzn-query-error header and into a batch's failed entries.</summary>
    public static string QueryCode(CloudException error) => Query.TryGetValue(error.Code, out var known) ? known.Code : error.Code;

    /// <summary>The error as the Query protocol words it.</summary>
    public static CloudException ToQuery(CloudException error) =>
        Query.TryGetValue(error.Code, out var known) ? new(known.Code, error.Message, known.Status) : error;

    public static CloudException NoQueue() => new("QueueDoesNotExist", "The specified queue does not exist.");

    public static CloudException Missing(string parameter) =>
        new("MissingRequiredParameterException", $"The request must contain the parameter {parameter}.");

    public static CloudException Invalid(string message) => new("InvalidParameterValueException", message);

    public static CloudException InvalidValue(string parameter, object value, string reason) =>
        Invalid($"Value {value} for parameter {parameter} is invalid. Reason: {reason}");

    public static CloudException UnknownAttribute(string name) => new("InvalidAttributeName", $"Unknown Attribute {name}.");

    public static CloudException InvalidAttribute(string name) => new("InvalidAttributeValue", $"Invalid value for the parameter {name}.");

    public static CloudException BadReceipt(string handle) =>
        new("ReceiptHandleIsInvalid", $"The input receipt handle \"{handle}\" is not a valid receipt handle.");

    /// <summary>What a holder of an outdated or deleted message's handle hears.</summary>
    public static CloudException NotAvailable(string handle) =>
        InvalidValue("ReceiptHandle", handle, "Message does not exist or is not available for visibility timeout change.");
}
