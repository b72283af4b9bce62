using System.Buffers.Text;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.S3;

/// <summary>The bytes of an object out of a request's body, which clients may send in signed chunks with checksums behind them (aws-chunked).</summary>
internal static class ChunkedBody
{
    public static byte[] Read(WireRequest request) =>
        request.Header("x-amz-content-sha256")?.StartsWith("STREAMING-", StringComparison.Ordinal) == true
            ? Decode(request.Body)
            : request.Body;

    private static byte[] Decode(ReadOnlySpan<byte> body)
    {
        var content = new List<byte>(body.Length);
        while (true)
        {
            var line = body.IndexOf("\r\n"u8);
            if (line < 0 || !Utf8Parser.TryParse(body[..line], out int length, out _, 'x') || length > body.Length - line - 2)
            {
                throw new CloudException("IncompleteBody", "The request body terminated unexpectedly.");
            }

            // Behind the last chunk, which is empty, stand checksums that nobody here needs: the body has not left this machine.
            if (length == 0)
            {
                return [.. content];
            }

            content.AddRange(body.Slice(line + 2, length));
            body = body[(line + 2 + length)..];
            body = body.StartsWith("\r\n"u8) ? body[2..] : body;
        }
    }
}
