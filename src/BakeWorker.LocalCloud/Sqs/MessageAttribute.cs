using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Sqs;

/// <summary>A typed value beside a message's body. <paramref name="Value"/> holds UTF-8 unless the type is Binary.</summary>
internal sealed partial record MessageAttribute(string Name, string DataType, byte[] Value)
{
    public bool IsBinary => DataType.Split('.')[0] == "Binary";

    public int Size => Encoding.UTF8.GetByteCount(Name) + Encoding.UTF8.GetByteCount(DataType) + Value.Length;

    public JsonObject ToJson() =>
        new()
        {
            [IsBinary ? "BinaryValue" : "StringValue"] = IsBinary ? Convert.ToBase64String(Value) : Encoding.UTF8.GetString(Value),
            ["DataType"] = DataType,
        };

    /// <summary>The weight of an attribute as it was sent, valid or not.</summary>
    public static long SentSize(string name, JsonObject input) =>
        Encoding.UTF8.GetByteCount(name + input.String("DataType") + input.String("StringValue"))
        + ((input.String("BinaryValue")?.TrimEnd('=').Length ?? 0) * 3L / 4);

    /// <summary>Reads and checks the attributes of a message; at most ten, as SQS has it.</summary>
    public static IReadOnlyList<MessageAttribute> Read(JsonObject? input)
    {
        var attributes = (input ?? []).Select(pair => Read(pair.Key, pair.Value as JsonObject ?? [])).ToList();
        return attributes.Count <= 10
            ? attributes
            : throw SqsErrors.Invalid($"Number of message attributes [{attributes.Count}] exceeds the allowed maximum [10].");
    }

    /// <summary>
    /// The digest that clients compute over what they sent: by name, each name, type and value with its length, and the kind of transport.
    /// Null for no attributes.
    /// </summary>
    public static string? Digest(IReadOnlyCollection<MessageAttribute> attributes)
    {
        if (attributes.Count == 0)
        {
            return null;
        }

        using var buffer = new MemoryStream();
        foreach (var attribute in attributes.OrderBy(item => item.Name, StringComparer.Ordinal))
        {
            Append(buffer, Encoding.UTF8.GetBytes(attribute.Name));
            Append(buffer, Encoding.UTF8.GetBytes(attribute.DataType));
            buffer.WriteByte((byte)(attribute.IsBinary ? 2 : 1));
            Append(buffer, attribute.Value);
        }

        return Md5(buffer.ToArray());
    }

    /// <summary>MD5 is SQS's checksum against damage on the way, not a protection.</summary>
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA5351", Justification = "The SDKs compare exactly this digest.")]
    public static string Md5(byte[] content) => Convert.ToHexStringLower(MD5.HashData(content));

    private static MessageAttribute Read(string name, JsonObject input)
    {
        CheckName(name);
        var type = input.String("DataType");
        if (string.IsNullOrEmpty(type))
        {
            throw SqsErrors.Invalid($"The message (user) attribute '{name}' must contain a non-empty message attribute type.");
        }

        var kind = type.Split('.')[0];
        if (kind is not ("String" or "Number" or "Binary") || type.Length > 256)
        {
            throw SqsErrors.Invalid(
                $"The type of message (user) attribute '{name}' is invalid. You must use only the following supported type prefixes: Binary, Number, String."
            );
        }

        var value = kind == "Binary" ? ReadBinary(name, input) : Encoding.UTF8.GetBytes(input.String("StringValue") ?? "");
        if (value.Length == 0)
        {
            throw SqsErrors.Invalid($"The message (user) attribute '{name}' must contain a non-empty value of type '{kind}'.");
        }

        var attribute = new MessageAttribute(name, type, value);
        if (kind == "Number" && !double.TryParse(Encoding.UTF8.GetString(value), NumberStyles.Float, CultureInfo.InvariantCulture, out _))
        {
            throw SqsErrors.Invalid($"Could not cast message attribute '{name}' value to number.");
        }

        return attribute;
    }

    private static byte[] ReadBinary(string name, JsonObject input)
    {
        try
        {
            return Convert.FromBase64String(input.String("BinaryValue") ?? "");
        }
        catch (FormatException)
        {
            throw WireJson.Malformed($"The binary value of attribute '{name}' is not base64");
        }
    }

    private static void CheckName(string name)
    {
        if (!NamePattern().IsMatch(name) || name.Contains("..", StringComparison.Ordinal) || name.StartsWith('.') || name.EndsWith('.'))
        {
            throw SqsErrors.Invalid(
                "Can only include alphanumeric characters, hyphens, underscores, or dots. 1 to 256 in length, and no dot at either end or twice in a row."
            );
        }

        if (name.StartsWith("aws.", StringComparison.OrdinalIgnoreCase) || name.StartsWith("amazon.", StringComparison.OrdinalIgnoreCase))
        {
            throw SqsErrors.Invalid(
                "You can't use message attribute names beginning with 'AWS.' or 'Amazon.'. These strings are reserved for internal use."
            );
        }
    }

    private static void Append(MemoryStream buffer, byte[] part)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, part.Length);
        buffer.Write(length);
        buffer.Write(part);
    }

    [GeneratedRegex("^[A-Za-z0-9_.-]{1,256}$", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}
