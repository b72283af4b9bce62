using System.IO.Compression;
using System.Text;
using BakeWorker.LocalCloud.Guests;

namespace BakeWorker.Testing;

/// <summary>A step's script and environment as they reached a guest, out of the envelope that they travelled in.</summary>
public sealed record SentScript(string Text, IReadOnlyDictionary<string, string> Environment)
{
    public static SentScript Of(GuestScript sent)
    {
        var lines = sent.Text.Split('\n');
        var (script, environment) = sent.IsPowerShell
            ? (Between(lines, "$bwScript = @'", "'@"), Between(lines, "$bwEnvironment = @'", "'@"))
            : (Between(lines, "base64 -d <<'BW_SCRIPT'", "BW_SCRIPT"), Between(lines, "base64 -d <<'BW_ENV'", "BW_ENV"));
        var values = Unpack(environment)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' '))
            .ToDictionary(pair => pair[0], pair => Encoding.UTF8.GetString(Convert.FromBase64String(pair[1])));
        return new SentScript(Unpack(script).TrimStart('\uFEFF'), values);
    }

    private static string Between(IEnumerable<string> lines, string first, string last) =>
        string.Concat(lines.SkipWhile(line => !line.StartsWith(first, StringComparison.Ordinal)).Skip(1).TakeWhile(line => line != last));

    private static string Unpack(string text)
    {
        if (text.Length == 0)
        {
            return "";
        }

        using var gzip = new GZipStream(new MemoryStream(Convert.FromBase64String(text)), CompressionMode.Decompress);
        using var reader = new StreamReader(gzip);
        return reader.ReadToEnd();
    }
}
