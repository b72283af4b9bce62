using BakeWorker.Core.Cloud;
using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Publishing;

/// <summary>
/// The end of the private part: every Region of the recipe has its available copy of the judged image, under a key that works, and each carries
/// the verdict.
/// </summary>
public sealed class JudgeCopies(ICloud cloud) : IPublishStep
{
    public async Task CheckAsync(Recipe recipe, Obstacles obstacles, CancellationToken ct)
    {
        foreach (var region in cloud.RegionsOf(recipe))
        {
            var named = region == cloud.Home ? recipe.Builder.KmsKeyId : recipe.Publish.KmsKeys.GetValueOrDefault(region.Name);
            var field = region == cloud.Home ? "builder.rootVolume.kmsKey" : $"publish.kmsKeys.{region.Name}";
            var isShared = !recipe.Publish.Share.IsEmpty;
            // The question for a Region's default key is also the proof that the account can work there at all.
            if (named is null && (isShared || region != cloud.Home) && await IsEncryptedAsync(recipe, region, ct))
            {
                named = await region.Settings.FindDiskKeyAsync(ct);
                field = $"{field}, or the account's default key of EBS";
            }

            if (named is not null)
            {
                await CheckKeyAsync(recipe, region, named, field, obstacles, ct);
            }
        }
    }

    public async Task ApplyAsync(BakeRun run, IReadOnlyList<Image> images, CancellationToken ct)
    {
        var expected = cloud.RegionsOf(run.Bake.Recipe).Select(region => region.Name);
        if (expected.Except(images.Select(image => image.Region)).FirstOrDefault() is { } missing)
        {
            throw Failures.PublishFailed("the copy", missing, "absent");
        }

        foreach (var image in images)
        {
            if (image.State != ImageState.Available)
            {
                throw Failures.PublishFailed($"image {image.Id}", image.Region, $"{image.State}");
            }

            if (!image.HasPassed)
            {
                var verdict = new Dictionary<string, string> { [ResourceTags.Verdict] = ResourceTags.Passed };
                await cloud.In(image.Region).Images.TagAsync(image.Id, verdict, ct);
            }
        }
    }

    // Nobody saw it.
    public Task UndoAsync(Recipe recipe, Image image, CancellationToken ct) => Task.CompletedTask;

    private async Task<bool> IsEncryptedAsync(Recipe recipe, IRegion region, CancellationToken ct) =>
        region != cloud.Home || recipe.Builder.Encrypted || await region.Settings.EncryptsDisksAsync(ct);

    private async Task CheckKeyAsync(Recipe recipe, IRegion region, string name, string field, Obstacles obstacles, CancellationToken ct)
    {
        var share = recipe.Publish.Share;
        var key = await region.Keys.FindAsync(name, ct);
        if (key is null)
        {
            obstacles.Add(region.Name, $"there is no KMS key {name}", $"name one of that Region in {field}");
        }
        else if (key.Trouble is { } trouble)
        {
            obstacles.Add(region.Name, $"EBS cannot encrypt with KMS key {key.Arn}: {trouble}", $"enable it, or name another in {field}");
        }
        else if (!share.IsEmpty && key.IsAwsManaged)
        {
            obstacles.Add(
                region.Name,
                $"the image would be encrypted with {key.Arn}, EBS's own key, under which EC2 lets nobody share",
                $"name a key of your own in {field}"
            );
        }
        else if (!share.IsEmpty && key.AccountId == await cloud.FindAccountAsync(ct))
        {
            var strangers = KeySharing.FindExcluded(await region.Keys.ReadUsersAsync(key.Arn, ct), share, region.Name);
            if (strangers.Count > 0)
            {
                obstacles.Add(
                    region.Name,
                    $"the policy of KMS key {key.Arn} does not let {string.Join(", ", strangers)} use it, so their launches would fail",
                    $"allow them {string.Join(", ", KeySharing.Needed)} in the key's policy"
                );
            }
        }
    }
}
