using System.Globalization;
using System.Text;

namespace BakeWorker.LocalCloud.Sqs;

/// <summary>What a receiver holds: one receive of one message in one queue. Clients see it as an opaque string.</summary>
internal sealed record ReceiptHandle(string QueueId, string MessageId, int Receive)
{
    private const string Prefix = "AQEB";

    public override string ToString() => Prefix + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{QueueId} {MessageId} {Receive}"));

    /// <summary>Throws ReceiptHandleIsInvalid for a string that never was a handle of this queue.</summary>
    public static ReceiptHandle Parse(string? text, Queue queue)
    {
        if (string.IsNullOrEmpty(text))
        {
            throw SqsErrors.Missing("ReceiptHandle");
        }

        var buffer = new byte[text.Length];
        return
            text.StartsWith(Prefix, StringComparison.Ordinal)
            && Convert.TryFromBase64String(text[Prefix.Length..], buffer, out var length)
            && Encoding.UTF8.GetString(buffer, 0, length).Split(' ') is [var queueId, var messageId, var number]
            && queueId == queue.Id
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var receive)
            ? new(queueId, messageId, receive)
            : throw SqsErrors.BadReceipt(text);
    }
}
