using BakeWorker.Core.Cloud;
using BakeWorker.Core.Publishing;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Retiring;

/// <summary>Who needs one image, in this account and in others. What is not known to be unused is used.</summary>
public sealed class ImageNeeds(TimeProvider time)
{
    // EC2 keeps a report for 30 days, but what it says grows old: launches since then show in the image's own last launch.
    private static readonly TimeSpan ReportAge = TimeSpan.FromDays(7);

    /// <summary>The reason to keep the image; null when nobody needs it. Asks EC2 for a report on other accounts where <paramref name="ask"/>.</summary>
    public async Task<string?> FindAsync(Recipe recipe, PublishedPlace place, Image image, bool ask, CancellationToken ct) =>
        image.Protection is { } protection ? $"is protected against deregistration ({protection})"
        : FindLaunch(recipe, image) is { } launch ? launch
        : await FindUserAsync(place, image, ct) is { } user ? $"{user} uses it"
        : await FindOtherAccountAsync(place.Region, image, ask, ct);

    /// <summary>Versions that publishing added to the recipe's own launch template, and that are not its default.</summary>
    public static async Task<IReadOnlyList<TemplateVersion>> ListOldVersionsAsync(
        PublishedPlace place,
        Image image,
        CancellationToken ct
    ) =>
        place.Template is not { } template
            ? []
            :
            [
                .. (await place.Region.Templates.ListVersionsAsync(template.Name, image.Id, ct)).Where(version =>
                    version.Number != template.DefaultVersion && TemplateMemory.Parse(version.Description) is not null
                ),
            ];

    private string? FindLaunch(Recipe recipe, Image image) =>
        image.LaunchedAt is { } at && at + recipe.Retain.UnusedFor > time.GetUtcNow()
            ? $"was launched on {at:yyyy-MM-dd}, and stays until {at + recipe.Retain.UnusedFor:yyyy-MM-dd}"
            : null;

    private static async Task<string?> FindUserAsync(PublishedPlace place, Image image, CancellationToken ct)
    {
        var references = await place.Region.Images.ReadReferencesAsync([image.Id], ct);
        if (!references.TryGetValue(image.Id, out var users))
        {
            return "nobody knows who";
        }

        foreach (var user in users)
        {
            if (place.Template is not { } own || !user.EndsWith($"/{own.Id}", StringComparison.Ordinal))
            {
                return user;
            }

            // Our own versions of times gone by go with their image; the default, and what people added, is a use like any other.
            var all = await place.Region.Templates.ListVersionsAsync(own.Name, image.Id, ct);
            if (all.Count == 0 || all.Count > (await ListOldVersionsAsync(place, image, ct)).Count)
            {
                return user;
            }
        }

        return null;
    }

    private async Task<string?> FindOtherAccountAsync(IRegion region, Image image, bool ask, CancellationToken ct)
    {
        var report = await region.Usage.FindAsync(image.Id, ct);
        if (report is null || report.AskedAt + ReportAge < time.GetUtcNow())
        {
            if (ask)
            {
                await region.Usage.AskAsync(image.Id, ct);
            }

            return ask
                ? "EC2 was asked which other accounts use it; the next look tells"
                : "EC2 was not asked yet which other accounts use it";
        }

        return report.Users is null ? $"EC2's report on which other accounts use it is {report.State}"
            : report.Users.Count > 0 ? $"{string.Join(", ", report.Users.Take(3))} use it"
            : null;
    }
}
