using System.Security.Cryptography;
using System.Text;

namespace BakeWorker.Core.Bakes;

/// <summary>Identifies a bake: <c>bake-</c> and 16 hex digits of SHA-256 over recipe and request id, so the same request twice is the same bake.</summary>
public readonly record struct BakeId(string Value)
{
    public static BakeId For(string recipe, string requestId)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{recipe}\n{requestId}"));
        return new BakeId($"bake-{Convert.ToHexStringLower(hash.AsSpan(0, 8))}");
    }

    public override string ToString() => Value;
}
