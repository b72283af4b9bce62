using System.Security.Cryptography;
using System.Text;
using BakeWorker.Core.Binding;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;
using BakeWorker.Core.Telemetry;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Core.Bakes;

/// <summary>
/// Makes one request per recipe of a request for many. Everything in them follows from the request and the recipe, so that what is sent again, after a
/// failure in the middle, is the same requests and the same bakes.
/// </summary>
public sealed class FanOut(RecipeSource recipes, IBakeQueue queue, ILogger<FanOut> logger)
{
    /// <summary>SQS delays a message by 15 minutes at most.</summary>
    public const int MostSeconds = 900;
    private const int IdLength = 128;

    /// <summary>Answers only when every request is in the queue.</summary>
    /// <exception cref="BakeFailedException">No recipe is meant, or some could not be sent.</exception>
    public async Task<IReadOnlyList<ResultRequest>> SendAsync(BakeRequest many, QueueMessage message, CancellationToken ct)
    {
        var trace = BakeTrace.Begin(queue.NameOf(message.Lane), message) ?? message.TraceParent;
        var meant = Select(many);
        if (meant.Count == 0)
        {
            throw new BakeFailedException(FailureKind.Invalid, FailureCodes.RecipeUnknown, Nobody(many));
        }

        var sent = meant.ConvertAll(recipe => One(many, recipe.Name));
        await queue.SendAllAsync(
            [
                .. sent.Zip(
                    meant,
                    (one, recipe) =>
                        new QueuedRequest(BakeRequestWriter.Write(one), one.Recipe, BakeId.For(one.Recipe, one.RequestId).Value)
                        {
                            Owner = recipe.Owner,
                            TraceParent = trace,
                            Delay = DelayOf(BakeId.For(one.Recipe, one.RequestId), many.SpreadSeconds ?? MostSeconds),
                            Lane = message.Lane,
                        }
                ),
            ],
            ct
        );
        Log.FannedOut(logger, many.RequestId, sent.Count);
        return sent.ConvertAll(one => new ResultRequest(one.Recipe, one.RequestId, BakeId.For(one.Recipe, one.RequestId).Value));
    }

    /// <summary>A moment within the spread that is another one for each bake and always the same for one.</summary>
    public static TimeSpan DelayOf(BakeId bake, int spreadSeconds) =>
        TimeSpan.FromSeconds(BitConverter.ToUInt32(SHA256.HashData(Encoding.UTF8.GetBytes(bake.Value))) % ((uint)spreadSeconds + 1));

    // A recipe with errors gets its request, too, whose answer names them. Which labels it would have, nobody can tell.
    private List<(string Name, string? Owner)> Select(BakeRequest many)
    {
        var catalog = RecipeCatalog.Load(recipes);
        if (many.Labels is not { } labels)
        {
            return [.. recipes.Names().Where(RecipeSource.IsName).Select(name => (name, catalog.Find(name)?.Owner))];
        }

        foreach (var reading in catalog.Readings.Where(reading => reading.Recipe is null))
        {
            Log.NotSelectable(logger, many.RequestId, reading.File);
        }

        return
        [
            .. catalog
                .Recipes.Where(recipe => labels.All(label => recipe.Labels.GetValueOrDefault(label.Key) == label.Value))
                .Select(recipe => (recipe.Name, (string?)recipe.Owner)),
        ];
    }

    private static BakeRequest One(BakeRequest many, string recipe) =>
        many with
        {
            Recipe = recipe,
            RequestId = IdOf(many.RequestId, recipe),
            Labels = null,
            SpreadSeconds = null,
        };

    private static string IdOf(string requestId, string recipe) =>
        $"{requestId}/{recipe}" is { Length: <= IdLength } id
            ? id
            : $"fan-out-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{requestId}\n{recipe}")))}";

    private string Nobody(BakeRequest many) =>
        many.Labels is { } labels
            ? $"no recipe in {Shown.Path(recipes.Folder)} has the labels {string.Join(", ", labels.Select(label => $"{label.Key}: {label.Value}"))}; see 'labels' in the recipes."
            : $"there is no recipe in {Shown.Path(recipes.Folder)}; check the folder in the settings.";
}
