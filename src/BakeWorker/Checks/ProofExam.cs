using System.Runtime.CompilerServices;
using BakeWorker.Core.Proofs;

namespace BakeWorker.Checks;

/// <summary>Where proofs are kept, and the key that signs them. Nothing is written and nothing is signed.</summary>
internal sealed class ProofExam(IProofStore store, IProofKey key)
{
    // No proof has that name; being told so is proof enough that the place is there and can be read.
    private const string Nothing = "doctor";

    public async IAsyncEnumerable<Check> PlaceAsync(string name, [EnumeratorCancellation] CancellationToken ct)
    {
        await store.FindAsync(Nothing, ct);
        yield return Check.Ok("proofs", $"{name} can be read");
    }

    public async IAsyncEnumerable<Check> KeyAsync(string name, [EnumeratorCancellation] CancellationToken ct)
    {
        await key.FindPublicAsync(ct);
        yield return Check.Ok("proof key", $"{name} is there, of the right kind and enabled");
    }
}
