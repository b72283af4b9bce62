using System.Security.Cryptography;
using System.Text;

namespace BakeWorker.LocalCloud.Ec2;

/// <summary>Ids of what is there from the start: made from what it is, so that they are the same in every run.</summary>
internal static class Ec2Ids
{
    private const int HexDigits = 17;

    /// <summary>Such as <c>subnet-0</c> and 16 hex digits of the hash over the parts.</summary>
    public static string Fixed(string prefix, params ReadOnlySpan<string> parts)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(prefix + '/' + string.Join('/', parts!)));
        return $"{prefix}-{"0" + Convert.ToHexStringLower(hash)[..(HexDigits - 1)]}";
    }

    /// <summary>A fresh id from the account's seed.</summary>
    public static string New(LocalCloudAccount account, string prefix) => $"{prefix}-0{account.NewHex(HexDigits - 1)}";
}
