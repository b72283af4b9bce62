using System.Security.Cryptography;
using System.Text;

namespace BakeWorker.Core.Recipes;

/// <summary>
/// One digest over several files: names and contents count, order, line ends, byte-order marks and times do not, so every checkout of
/// a commit gives the same.
/// </summary>
internal sealed class ContentDigest
{
    private readonly SortedDictionary<string, string> _files = new(StringComparer.Ordinal);

    /// <summary><paramref name="name"/> is the file's path from its root, with either kind of slash.</summary>
    public void Add(string name, ReadOnlySpan<byte> content)
    {
        var text = content.StartsWith(Encoding.UTF8.Preamble) ? content[3..] : content;
        _files[name.Replace('\\', '/')] = Convert.ToHexStringLower(SHA256.HashData(WithoutCarriageReturns(text)));
    }

    public string Value
    {
        get
        {
            var list = string.Concat(_files.Select(f => $"{f.Value} {f.Key}\n"));
            return $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(list)))}";
        }
    }

    private static byte[] WithoutCarriageReturns(ReadOnlySpan<byte> content)
    {
        var kept = new List<byte>(content.Length);
        for (var i = 0; i < content.Length; i++)
        {
            if (content[i] != '\r' || i + 1 == content.Length || content[i + 1] != '\n')
            {
                kept.Add(content[i]);
            }
        }

        return [.. kept];
    }
}
