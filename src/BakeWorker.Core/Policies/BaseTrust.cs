using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Policies;

/// <summary>Whether a resolved base image may be baked from. A parameter or a name is never proof of who owns the image.</summary>
public static class BaseTrust
{
    /// <exception cref="BakeFailedException">The base is not trusted or not suitable; the message gives the value and the mend.</exception>
    public static void Check(BaseImage image, Recipe recipe, string account, DateTimeOffset now)
    {
        CheckOwner(image, recipe, account);
        CheckShape(image, recipe);
        CheckAge(image, recipe.Base.MaxAge, now);
    }

    private static void CheckOwner(BaseImage image, Recipe recipe, string account)
    {
        var owners = recipe.Base.Owners.Select(owner => owner == "self" ? account : owner).ToList();
        if (owners.Contains(image.OwnerId) || (image.OwnerAlias is { } alias && owners.Contains(alias)))
        {
            return;
        }

        throw Refused(
            FailureCodes.BaseUntrusted,
            $"Base image {image.Id} ({image.Name}) belongs to {image.OwnerId}, which is not among the owners "
                + $"({string.Join(", ", recipe.Base.Owners)}) of recipe {recipe.Name}; add it to base.owners only if you know who it is."
        );
    }

    private static void CheckShape(BaseImage image, Recipe recipe)
    {
        var wrong = image switch
        {
            { State: not "available" } => $"is {image.State}, not available; choose another base.",
            _ when image.Architecture != recipe.Architecture =>
                $"is {Spell(image.Architecture)} but recipe {recipe.Name} is {Spell(recipe.Architecture)}; correct one of them.",
            { RootDeviceType: not "ebs" } or { Virtualization: not "hvm" } =>
                $"has root device {image.RootDeviceType} and virtualization {image.Virtualization}; only ebs with hvm can be captured.",
            _ when image.IsWindows != (recipe.Platform == Platform.Windows) =>
                $"is for {(image.IsWindows ? Platform.Windows : Platform.Linux)} but recipe {recipe.Name} is for {recipe.Platform}; correct one of them.",
            _ => null,
        };
        if (wrong is not null)
        {
            throw Refused(FailureCodes.BaseUnsuitable, $"Base image {image.Id} ({image.Name}) {wrong}");
        }
    }

    private static void CheckAge(BaseImage image, TimeSpan? maxAge, DateTimeOffset now)
    {
        if (image.DeprecatedAt <= now)
        {
            throw Refused(
                FailureCodes.BaseDeprecated,
                $"Base image {image.Id} ({image.Name}) was deprecated on {image.DeprecatedAt:yyyy-MM-dd}; use a newer base."
            );
        }

        if (maxAge is { } limit && (image.CreatedAt is not { } created || now - created > limit))
        {
            var made = image.CreatedAt is { } at ? $"was made on {at:yyyy-MM-dd}" : "has no creation date";
            throw Refused(
                FailureCodes.BaseTooOld,
                $"Base image {image.Id} ({image.Name}) {made}, beyond base.maxAge of {limit.TotalDays:0.#} days; use a newer base or raise maxAge."
            );
        }
    }

    private static string Spell(Architecture architecture) => architecture == Architecture.Arm64 ? "arm64" : "x86_64";

    private static BakeFailedException Refused(string code, string message) => new(FailureKind.Rejected, code, message);
}
