using System.Globalization;
using System.Text.Json;

namespace BakeWorker.Aws.Sqs;

/// <summary>A queue's redrive policy: where messages go that were received too often. <paramref name="Target"/> is an ARN.</summary>
internal sealed record Redrive(string Target, int MaxReceives)
{
    /// <summary>Null for what is no such policy.</summary>
    public static Redrive? Parse(string policy)
    {
        try
        {
            using var json = JsonDocument.Parse(policy);
            return json.RootElement.TryGetProperty("deadLetterTargetArn", out var arn) && arn.GetString() is { } target
                ? new Redrive(target, Count(json.RootElement))
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // SQS takes the number in quotes, too, and gives it back as it got it.
    private static int Count(JsonElement policy) =>
        policy.TryGetProperty("maxReceiveCount", out var count)
        && int.TryParse(count.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : 0;
}
