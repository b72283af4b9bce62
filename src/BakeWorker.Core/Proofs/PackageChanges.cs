using System.Text.Json.Nodes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Pipeline;

namespace BakeWorker.Core.Proofs;

/// <summary>What changed since the previous image of the recipe. <paramref name="Why"/> says why that is not known, where it is not.</summary>
internal sealed record Predecessor(ImageId? Image, Inventory? Packages, string? Why);

/// <summary>The document of package changes between two images of a recipe.</summary>
internal static class PackageChanges
{
    public const string MediaType = "application/json";

    public static JsonObject Of(Predecessor before, Inventory after)
    {
        var document = new JsonObject { ["previous"] = before.Image?.Value };
        if (before.Packages is not { } old)
        {
            document["unknown"] = before.Why;
            return document;
        }

        var changes = after.ChangesFrom(old);
        document["added"] = ProofJson.List(
            changes.Where(change => change.Before is null).Select(change => One(change, "version", change.After!))
        );
        document["removed"] = ProofJson.List(
            changes.Where(change => change.After is null).Select(change => One(change, "version", change.Before!))
        );
        document["changed"] = ProofJson.List(
            changes
                .Where(change => change is { Before: not null, After: not null })
                .Select(change =>
                {
                    var one = One(change, "from", change.Before!);
                    one["to"] = change.After;
                    return one;
                })
        );
        return document;
    }

    private static JsonObject One(PackageChange change, string name, string version) =>
        new() { ["package"] = change.Package, [name] = version };
}
