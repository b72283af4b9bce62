using BakeWorker.Core.Cloud;

namespace BakeWorker.Core.Proofs;

/// <summary>Paths of proofs in their store: <c>RECIPE/IMAGE/DOCUMENT</c>, where the image is the one of the home Region.</summary>
internal static class ProofPlace
{
    /// <summary>The signed statement; it is added last, so where it is, everything is.</summary>
    private const string Statement = "provenance.intoto.json";

    public static string StatementOf(string recipe, ImageId home) => Of(recipe, home, Statement);

    public static string Of(string recipe, ImageId home, string document) => $"{recipe}/{home}/{document}";
}
