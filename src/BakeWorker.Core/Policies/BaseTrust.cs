using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Policies;

/// <summary>
/// Whether a resolved base image may be baked from. A parameter or a name is never proof of who owns the image, and neither the recipe nor
/// the operator's policy is enough by itself.
/// </summary>
public static class BaseTrust
{
    /// <exception cref="BakeFailedException">The base is not trusted or not suitable; the message gives the value and the mend.</exception>
    public static void Check(BaseImage image, Recipe recipe, BasePolicy policy, string account, DateTimeOffset now)
    {
        CheckOwner(image, recipe, policy, account);
        CheckProductCodes(image, recipe);
        CheckOrigin(image, recipe, account);
        CheckShape(image, recipe);
        CheckAge(image, recipe, policy, now);
    }

    private static void CheckOwner(BaseImage image, Recipe recipe, BasePolicy policy, string account)
    {
        var owner = image.OwnerAlias is { } alias ? $"{image.OwnerId} ({alias})" : image.OwnerId;
        if (!IsAmong(recipe.Base.Owners))
        {
            throw Refused(
                FailureCodes.BaseUntrusted,
                $"{Named(image, recipe)} belongs to {owner}, which is not among the owners ({string.Join(", ", recipe.Base.Owners)}) "
                    + $"of recipe {recipe.Name}; add it to base.owners only if you know who it is."
            );
        }

        if (!IsAmong(policy.Owners))
        {
            throw Refused(
                FailureCodes.BaseUntrusted,
                $"{Named(image, recipe)} belongs to {owner}, which the operator's policy does not allow ({string.Join(", ", policy.Owners)}); "
                    + "choose a base of one of those, or ask the operator for base.owners of the policy."
            );
        }

        bool IsAmong(IEnumerable<string> owners) =>
            owners.Any(one => one == image.OwnerId || one == image.OwnerAlias || (one == "self" && image.OwnerId == account));
    }

    private static void CheckProductCodes(BaseImage image, Recipe recipe)
    {
        if (image.ProductCodes.Except(recipe.Base.ProductCodes).ToList() is { Count: > 0 } foreign)
        {
            throw Refused(
                FailureCodes.BaseUntrusted,
                $"{Named(image, recipe)} carries the product code {string.Join(", ", foreign)} of AWS Marketplace, whose terms and bills every "
                    + "image of it would inherit; choose another base, or name the code in base.productCodes."
            );
        }
    }

    // Only the owner of an image sets its tags, so they prove something on our own.
    private static void CheckOrigin(BaseImage image, Recipe recipe, string account)
    {
        if (recipe.Base.MadeBy is not { } maker)
        {
            return;
        }

        var trouble =
            image.OwnerId != account ? $"belongs to {image.OwnerId}, not to this account"
            : image.Tags.GetValueOrDefault(ResourceTags.Recipe) is not { } recipeTag ? "was not made by a bake: it has no recipe tag"
            : recipeTag != maker ? $"was made by recipe {recipeTag}"
            : image.Tags.GetValueOrDefault(ResourceTags.Verdict) != ResourceTags.Passed || !image.Tags.ContainsKey(ResourceTags.ReleasedAt)
                ? "was never released"
            : null;
        if (trouble is not null)
        {
            throw Refused(
                FailureCodes.BaseUntrusted,
                $"{Named(image, recipe)} {trouble}; base.madeBy wants a released image of recipe {maker}."
            );
        }
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
            throw Refused(FailureCodes.BaseUnsuitable, $"{Named(image, recipe)} {wrong}");
        }
    }

    private static void CheckAge(BaseImage image, Recipe recipe, BasePolicy policy, DateTimeOffset now)
    {
        if (image.DeprecatedAt <= now)
        {
            throw Refused(
                FailureCodes.BaseDeprecated,
                $"{Named(image, recipe)} was deprecated on {image.DeprecatedAt:yyyy-MM-dd}; use a newer base."
            );
        }

        CheckLimit(recipe.Base.MaxAge, "base.maxAge", "use a newer base or raise maxAge");
        CheckLimit(policy.MaxAge, "the operator's base.maxAge", "use a newer base");

        void CheckLimit(TimeSpan? maxAge, string rule, string mend)
        {
            if (maxAge is { } limit && (image.CreatedAt is not { } created || now - created > limit))
            {
                var made = image.CreatedAt is { } at ? $"was made on {at:yyyy-MM-dd}" : "has no creation date";
                throw Refused(
                    FailureCodes.BaseTooOld,
                    $"{Named(image, recipe)} {made}, beyond {rule} of {limit.TotalDays:0.#} days; {mend}."
                );
            }
        }
    }

    // Whoever reads the refusal asks first how the bake came by such an image.
    private static string Named(BaseImage image, Recipe recipe) =>
        recipe.Base switch
        {
            { Parameter: { } parameter } => $"Base image {image.Id} ({image.Name}), which parameter {parameter} names,",
            { Name: { } name } => $"Base image {image.Id} ({image.Name}), found by the name {name},",
            _ => $"Base image {image.Id} ({image.Name})",
        };

    private static string Spell(Architecture architecture) => architecture == Architecture.Arm64 ? "arm64" : "x86_64";

    private static BakeFailedException Refused(string code, string message) => new(FailureKind.Rejected, code, message);
}
