using BakeWorker.Aws;
using BakeWorker.Core.Recipes;
using BakeWorker.LocalCloud;
using BakeWorker.LocalCloud.Guests.Scripted;
using LocalAccount = BakeWorker.LocalCloud.LocalCloud;

namespace BakeWorker.Embedded;

/// <summary>Which catalogue disk a recipe's base is on a LocalCloud, so that it is known before a bake whether that disk can be had.</summary>
internal static class BaseDisk
{
    /// <summary>Such as <c>catalogue:debian-12</c>; null for a base that is an image of ours, or none.</summary>
    public static async Task<string?> FindAsync(Recipe recipe, string region, TimeProvider time, CancellationToken ct)
    {
        // An empty account answers as the real one will, whichever way the recipe names its base.
        await using var cloud = new LocalAccount(new LocalCloudOptions(), time, new ScriptedGuestHost(time));
        using var aws = AwsCloud.Create(new AwsOptions { Region = region }, time, cloud.CreateHandler());
        if (await aws.Home.Images.FindBaseAsync(recipe.Base, recipe.Architecture, ct) is not { } image)
        {
            return null;
        }

        lock (cloud.Account.Gate)
        {
            return cloud.Ec2.FindImage(region, image.Id.Value)?.DiskId;
        }
    }
}
