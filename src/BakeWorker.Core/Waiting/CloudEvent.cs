using System.Text.Json;
using System.Text.RegularExpressions;

namespace BakeWorker.Core.Waiting;

/// <summary>What an event of EventBridge claims to have happened to.</summary>
public enum EventSubject
{
    Instance,
    Command,
    Image,
    Scan,
}

/// <summary>
/// An event of EventBridge. Anybody who may write to the queue can have written it, so nothing in it is believed: it only says what is worth a look.
/// </summary>
public sealed partial record CloudEvent(string Account, string Region, EventSubject Subject, string Id)
{
    private const int LongestBody = 256 * 1024;

    /// <summary>Null for everything that is not one of the events that bakes wait for, in the shape AWS gives it.</summary>
    public static CloudEvent? Parse(string body)
    {
        if (body.Length > LongestBody)
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 16 });
            return Read(json.RootElement);
        }
        // The latter for half of a surrogate pair, which JSON's own grammar lets through.
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static CloudEvent? Read(JsonElement body)
    {
        var (account, region, detail) = (Text(body, "account"), Text(body, "region"), Object(body, "detail"));
        var (subject, id) = (Text(body, "source"), Text(body, "detail-type")) switch
        {
            ("aws.ec2", "EC2 Instance State-change Notification") => (EventSubject.Instance, Text(detail, "instance-id")),
            ("aws.ec2", "EC2 AMI State Change") => (EventSubject.Image, Text(detail, "ImageId")),
            ("aws.ssm", "EC2 Command Status-change Notification" or "EC2 Command Invocation Status-change Notification") => (
                EventSubject.Command,
                Text(detail, "command-id")
            ),
            ("aws.inspector2", "Inspector2 Scan") or ("aws.inspector2", "Inspector2 OnDemand Scan Complete") => (
                EventSubject.Scan,
                Text(detail, "instance-id") ?? Text(detail, "resource-id") ?? FirstResource(body)
            ),
            _ => (default, null),
        };
        return account is not null && region is not null && id is not null && IdPattern().IsMatch(id)
            ? new CloudEvent(account, region, subject, id)
            : null;
    }

    private static JsonElement Object(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var child) ? child : default;

    private static string? Text(JsonElement parent, string name) =>
        Object(parent, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    private static string? FirstResource(JsonElement body) =>
        Object(body, "resources") is { ValueKind: JsonValueKind.Array } resources
        && resources.EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.String } first
            ? first.GetString()!.Split('/')[^1]
            : null;

    [GeneratedRegex("^(i-[0-9a-f]{8,17}|ami-[0-9a-f]{8,17}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$")]
    private static partial Regex IdPattern();
}
