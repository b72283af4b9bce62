using System.Text.Json.Nodes;
using BakeWorker.Core.Cloud;

namespace BakeWorker.Core.Proofs;

/// <summary>Reads single documents of proofs that are kept: what our key has signed, byte for byte.</summary>
public sealed class KeptDocuments(IProofStore store, IProofKey key)
{
    /// <summary>The document of this kind; null when the image has no such proof, or what is there is not what was signed.</summary>
    public async Task<byte[]?> FindAsync(string recipe, ImageId image, string kind, CancellationToken ct)
    {
        if (
            await store.FindAsync(ProofPlace.StatementOf(recipe, image), ct) is not { } envelope
            || Dsse.Open(envelope, Dsse.InToto, await key.FindPublicAsync(ct)) is not { } payload
            || Parse(payload) is not { } statement
            || ProofReading.FindByproduct(statement, kind) is not { } named
            || await store.FindAsync(ProofPlace.Of(recipe, image, named.Name), ct) is not { } content
        )
        {
            return null;
        }

        return ProofJson.Sha256(content) == named.Digest ? content : null;
    }

    private static JsonObject? Parse(byte[] payload)
    {
        try
        {
            return JsonNode.Parse(payload) as JsonObject;
        }
        catch (Exception exception) when (ProofJson.IsOfText(exception))
        {
            return null;
        }
    }
}
