using System.Security.Cryptography;
using System.Text;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Ec2;

/// <summary>The client tokens of one action in one Region: what was asked with them, and what came of it.</summary>
internal sealed class TokenBook
{
    private static readonly HashSet<string> NotArguments = new(StringComparer.Ordinal) { "Action", "Version", "ClientToken", "DryRun" };

    private readonly Dictionary<(string Scope, string Token), (string Fingerprint, IReadOnlyList<string> Ids)> _used = [];

    /// <summary>The ids that the first call with this token made; an error when its arguments were different. Scope is a zone or empty.</summary>
    public IReadOnlyList<string>? Find(string scope, QueryInput input)
    {
        if (Token(input) is not { } token || !_used.TryGetValue((scope, token), out var earlier))
        {
            return null;
        }

        return earlier.Fingerprint == Fingerprint(input) ? earlier.Ids : throw Ec2Errors.TokenMismatch();
    }

    public void Record(string scope, QueryInput input, params IReadOnlyList<string> ids)
    {
        if (Token(input) is { } token)
        {
            _used[(scope, token)] = (Fingerprint(input), ids);
        }
    }

    private static string? Token(QueryInput input) => input.String("ClientToken") is { Length: > 0 } token ? token : null;

    private static string Fingerprint(QueryInput input)
    {
        var arguments = input
            .Values.Where(pair => !NotArguments.Contains(pair.Key))
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => $"{pair.Key}={pair.Value}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', arguments))));
    }
}
