using System.Diagnostics.Metrics;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Policies;
using BakeWorker.Core.Recipes;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Core.Telemetry;

/// <summary>What an image in the last look was: when it was released, and its findings when it was judged.</summary>
public sealed record ImageFigure(string Recipe, DateTimeOffset ReleasedAt, FindingCounts? Findings);

/// <summary>
/// Looks now and then at all that AWS shows of the bakery, for figures that no single bake can tell: how old images are, how many instances are up. Any
/// worker tells the same.
/// </summary>
public sealed class Figures
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(5);
    private readonly ICloud _cloud;
    private readonly RecipeSource _recipes;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ObservableGauge<double> _age;

    public Figures(ICloud cloud, RecipeSource recipes, IMeterFactory factory, TimeProvider time, ILogger<Figures> logger)
    {
        (_cloud, _recipes, _time, _logger) = (cloud, recipes, time, logger);
        var meter = factory.Create(BakeTelemetry.SourceName);
        _age = meter.CreateObservableGauge("bakeworker.image.age", Ages, "s", "Time since the recipe's image was released");
        meter.CreateObservableGauge(
            "bakeworker.image.findings",
            Findings,
            "{finding}",
            "Findings of the recipe's image when it was judged, by severity"
        );
        meter.CreateObservableGauge("bakeworker.builder.instances", Alive, "{instance}", "Instances of bakes that are up, by role");
    }

    /// <summary>The image last released of each recipe that is still there.</summary>
    public IReadOnlyList<ImageFigure> Images { get; private set; } = [];

    /// <summary>Instances of bakes that are up, by role.</summary>
    public IReadOnlyDictionary<string, int> Instances { get; private set; } = new Dictionary<string, int>();

    public async Task RunAsync(CancellationToken ct)
    {
        while (true)
        {
            try
            {
                // Without anybody who reads them, nobody is asked.
                await (_age.Enabled ? LookAsync(ct) : Task.CompletedTask);
            }
            catch (Exception exception) when (exception is BakeFailedException or IOException or UnauthorizedAccessException)
            {
                Log.FiguresNotSeen(_logger, exception.Message);
            }

            await Task.Delay(Every, _time, ct);
        }
    }

    public async Task LookAsync(CancellationToken ct)
    {
        // Names are the recipes', so that their number stays bounded by what the operator has.
        var known = _recipes.Names().ToHashSet();
        Images =
        [
            .. (await _cloud.Home.Images.ListAsync(recipe: null, ct))
                .Where(image => image is { State: ImageState.Available, IsReleased: true, IsWithdrawn: false })
                .Select(image =>
                    (
                        Recipe: image.Tags.GetValueOrDefault(ResourceTags.Recipe, ""),
                        At: ResourceTags.FindTime(image.Tags, ResourceTags.ReleasedAt),
                        Image: image
                    )
                )
                .Where(seen => known.Contains(seen.Recipe) && seen.At is not null)
                .GroupBy(seen => seen.Recipe)
                .Select(group => group.MaxBy(seen => seen.At))
                .Select(last => new ImageFigure(last.Recipe, last.At!.Value, FindingCounts.Find(last.Image.Tags))),
        ];
        Instances = (await _cloud.Home.Instances.ListAsync(ct))
            .Where(instance => !instance.IsGone)
            .CountBy(instance => instance.Tags.GetValueOrDefault(ResourceTags.Role, "unknown"))
            .ToDictionary();
    }

    private IEnumerable<Measurement<double>> Ages() =>
        Images.Select(image => new Measurement<double>((_time.GetUtcNow() - image.ReleasedAt).TotalSeconds, Of(image)));

    private IEnumerable<Measurement<int>> Findings() =>
        Images.SelectMany(image =>
            (image.Findings?.BySeverity ?? new Dictionary<Severity, int>()).Select(count => new Measurement<int>(
                count.Value,
                Of(image),
                new(BakeTelemetry.Severity, count.Key.ToString().ToLowerInvariant())
            ))
        );

    private IEnumerable<Measurement<int>> Alive() =>
        Instances.Select(role => new Measurement<int>(role.Value, new KeyValuePair<string, object?>(BakeTelemetry.Role, role.Key)));

    private static KeyValuePair<string, object?> Of(ImageFigure image) => new(BakeTelemetry.PipelineName, image.Recipe);
}
