using System.Text;

namespace BakeWorker.Core.Binding;

/// <summary>Text of a file that must be UTF-8.</summary>
internal static class Utf8Text
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text without a byte-order mark; null when the bytes are not UTF-8.</summary>
    public static string? Decode(ReadOnlySpan<byte> content)
    {
        try
        {
            return Strict.GetString(content.StartsWith(Encoding.UTF8.Preamble) ? content[3..] : content);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
