using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Policies;

namespace BakeWorker.Core.Proofs;

/// <summary>Everything that a proof says something of.</summary>
internal sealed record ProvenFacts
{
    public required Bake Bake { get; init; }
    public required string Region { get; init; }
    public required string BuilderId { get; init; }

    /// <summary>The image of the home Region first, then its copies.</summary>
    public required IReadOnlyList<Image> Images { get; init; }

    /// <summary>Null when EC2 no longer shows the base; its id stands on the image.</summary>
    public required BaseImage? Base { get; init; }
    public required Evidence Evidence { get; init; }
    public required Judgement Judgement { get; init; }
    public required OperatorPolicy Policy { get; init; }
    public required Inventory Packages { get; init; }
    public required IReadOnlyList<StageRecord> Stages { get; init; }
    public required IReadOnlyList<Pipeline.Booting.BootCheck> Checks { get; init; }
    public required DateTimeOffset ProvenAt { get; init; }

    public Image Home => Images[0];
}
