using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace BakeWorker.Core.Proofs;

/// <summary>DSSE v1 envelopes: a payload, its type, and signatures over both.</summary>
public static class Dsse
{
    public const string InToto = "application/vnd.in-toto+json";

    /// <summary>What is signed: <c>DSSEv1 LEN(type) type LEN(payload) payload</c>, lengths in bytes, so that no type can be taken for a part of the payload.</summary>
    public static byte[] PreAuthenticationEncoding(string type, byte[] payload)
    {
        var name = Encoding.UTF8.GetBytes(type);
        return [.. Encoding.UTF8.GetBytes($"DSSEv1 {name.Length} "), .. name, .. Encoding.UTF8.GetBytes($" {payload.Length} "), .. payload];
    }

    public static async Task<byte[]> SignAsync(string type, byte[] payload, IProofKey key, CancellationToken ct)
    {
        var signature = await key.SignAsync(Digest(type, payload), ct);
        var envelope = new JsonObject
        {
            ["payloadType"] = type,
            ["payload"] = Convert.ToBase64String(payload),
            ["signatures"] = new JsonArray(
                new JsonObject { ["keyid"] = (await key.FindPublicAsync(ct)).Id, ["sig"] = Convert.ToBase64String(signature) }
            ),
        };
        return ProofJson.Write(envelope);
    }

    /// <summary>The payload, if one of the envelope's signatures is this key's; null when none is, or when it is no envelope of that type.</summary>
    public static byte[]? Open(byte[] envelope, string type, ProofPublicKey key)
    {
        try
        {
            if (JsonNode.Parse(envelope) is not JsonObject read || (string?)read["payloadType"] != type)
            {
                return null;
            }

            var payload = Convert.FromBase64String((string?)read["payload"] ?? "");
            var digest = Digest(type, payload);
            // The key id is a hint, not a promise: only the signature counts.
            var signatures = (read["signatures"] as JsonArray ?? []).Select(one => Convert.FromBase64String((string?)one?["sig"] ?? ""));
            return signatures.Any(signature => key.Verifies(digest, signature)) ? payload : null;
        }
        catch (Exception exception) when (exception is FormatException || ProofJson.IsOfText(exception))
        {
            return null;
        }
    }

    private static byte[] Digest(string type, byte[] payload) => SHA256.HashData(PreAuthenticationEncoding(type, payload));
}
