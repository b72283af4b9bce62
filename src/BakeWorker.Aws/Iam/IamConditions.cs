using BakeWorker.Core.Cloud;

namespace BakeWorker.Aws.Iam;

/// <summary>The conditions that statements share.</summary>
internal static class IamConditions
{
    private const string AnyBake = "bake-*";

    /// <summary>Only on what a bake made.</summary>
    public static IReadOnlyList<IamCondition> OnOurs { get; } = [new("StringLike", $"aws:ResourceTag/{ResourceTags.BakeId}", [AnyBake])];

    /// <summary>Only what is marked as of a bake from the call that makes it.</summary>
    public static IReadOnlyList<IamCondition> MadeAsOurs { get; } = [new("StringLike", $"aws:RequestTag/{ResourceTags.BakeId}", [AnyBake])];

    /// <summary>
    /// One denial for all statements: nothing outside the Regions of the scope, whatever else the role is allowed. None where they are not known.
    /// </summary>
    public static IEnumerable<IamStatement> OnlyIn(IamScope scope, params IReadOnlyList<string> services) =>
        scope.Regions.Count == 0
            ? []
            :
            [
                new IamStatement("OnlyInTheseRegions", [.. services.Select(service => $"{service}:*")])
                {
                    IsDenial = true,
                    Conditions = [new("StringNotEquals", "aws:RequestedRegion", scope.Regions)],
                },
            ];
}
