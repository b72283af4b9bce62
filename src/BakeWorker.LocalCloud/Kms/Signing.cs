using System.Security.Cryptography;
using System.Text.Json.Nodes;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Kms;

/// <summary>Signatures by keys of spec ECC_NIST_P256: the public half for anybody, the private one never leaves.</summary>
internal static class Signing
{
    private const string Algorithm = "ECDSA_SHA_256";

    // KMS: a message of up to 4,096 bytes; a digest is as long as its hash.
    private const int LongestMessage = 4096;

    public static JsonObject PublicKey(Key key) =>
        new()
        {
            ["KeyId"] = key.Arn,
            ["PublicKey"] = Convert.ToBase64String(Pair(key).ExportSubjectPublicKeyInfo()),
            ["KeySpec"] = key.Spec,
            ["CustomerMasterKeySpec"] = key.Spec,
            ["KeyUsage"] = key.Usage,
            ["SigningAlgorithms"] = new JsonArray(Algorithm),
        };

    public static JsonObject Sign(Key key, JsonObject input) =>
        new()
        {
            ["KeyId"] = key.Arn,
            ["Signature"] = Convert.ToBase64String(Pair(key).SignHash(Digest(input), DSASignatureFormat.Rfc3279DerSequence)),
            ["SigningAlgorithm"] = Algorithm,
        };

    public static JsonObject Verify(Key key, JsonObject input) =>
        Pair(key).VerifyHash(Digest(input), Bytes(input, "Signature"), DSASignatureFormat.Rfc3279DerSequence)
            ? new()
            {
                ["KeyId"] = key.Arn,
                ["SignatureValid"] = true,
                ["SigningAlgorithm"] = Algorithm,
            }
            : throw new CloudException("KMSInvalidSignatureException", "");

    private static ECDsa Pair(Key key) =>
        key switch
        {
            { State: "Disabled" } => throw new CloudException("DisabledException", $"{key.Arn} is disabled."),
            { State: not "Enabled" } => throw new CloudException("KMSInvalidStateException", $"{key.Arn} is pending deletion."),
            { Usage: not "SIGN_VERIFY" } => throw new CloudException(
                "InvalidKeyUsageException",
                $"{key.Arn} key usage is {key.Usage} which is not valid for this operation."
            ),
            _ => key.Pair
                ?? throw new CloudException("UnsupportedOperationException", "LocalCloud signs by keys of spec ECC_NIST_P256 only."),
        };

    private static byte[] Digest(JsonObject input)
    {
        JsonRule.OneOf("SigningAlgorithm", input.Required("SigningAlgorithm"), [Algorithm]);
        var message = Bytes(input, "Message");
        return (input.String("MessageType") ?? "RAW") switch
        {
            "RAW" when message.Length is > 0 and <= LongestMessage => SHA256.HashData(message),
            "DIGEST" when message.Length == SHA256.HashSizeInBytes => message,
            "DIGEST" => throw new CloudException("ValidationException", $"Digest is invalid length for algorithm {Algorithm}."),
            _ => throw new CloudException("ValidationException", $"A RAW message has 1 to {LongestMessage} bytes."),
        };
    }

    private static byte[] Bytes(JsonObject input, string member)
    {
        try
        {
            return Convert.FromBase64String(input.Required(member));
        }
        catch (FormatException)
        {
            throw new CloudException("SerializationException", $"{member} is not base64.");
        }
    }
}
