using System.Globalization;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;
using BakeWorker.Core.Telemetry;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Core.Scheduling;

/// <summary>
/// Asks for the bakes that recipes are scheduled for. Any number of workers may: each tick is claimed in the cloud before its request is sent, and a
/// request that is sent twice all the same, after a crash between the two, is the same bake.
/// </summary>
public sealed class Scheduler(
    RecipeSource recipes,
    ICloud cloud,
    IBakeQueue queue,
    ScheduleOptions options,
    TimeProvider time,
    ILogger<Scheduler> logger
)
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    /// <summary>After that long a claim without a request is somebody's who died.</summary>
    internal static readonly TimeSpan Abandoned = TimeSpan.FromMinutes(3);

    /// <summary>Looks after all schedules until stopped; returns at once where that is turned off.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        while (options.Parameters.Length > 0)
        {
            try
            {
                await LookAsync(ct);
            }
            catch (Exception exception) when (exception is BakeFailedException or IOException or UnauthorizedAccessException)
            {
                Log.NoneKept(logger, exception.Message);
            }

            await Task.Delay(Every, time, ct);
        }
    }

    /// <summary>Requests what is due and was not requested yet.</summary>
    public async Task LookAsync(CancellationToken ct)
    {
        var scheduled = RecipeCatalog.Load(recipes).Recipes.Where(recipe => recipe.Schedule is not null).ToList();
        var entries = await cloud.Home.Ticks.ReadAsync([.. scheduled.Select(ParameterOf)], ct);
        foreach (var recipe in scheduled)
        {
            try
            {
                await KeepAsync(recipe, entries.GetValueOrDefault(ParameterOf(recipe)), ct);
            }
            catch (BakeFailedException failure)
            {
                Log.NotKept(logger, recipe.Name, failure.Message);
            }
        }
    }

    private async Task KeepAsync(Recipe recipe, TickEntry? entry, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (entry is null || entry.Tick == TickEntry.Unreadable.Tick)
        {
            // Seen for the first time: what was before is nobody's debt.
            await cloud.Home.Ticks.TryWriteAsync(ParameterOf(recipe), entry, new TickEntry(now, now, IsSent: true), ct);
            return;
        }

        if (FindDue(recipe.Schedule!, entry, now) is not { } due)
        {
            return;
        }

        if (await cloud.Home.Ticks.TryWriteAsync(ParameterOf(recipe), entry, new TickEntry(due, now, IsSent: false), ct) is { } claim)
        {
            await RequestAsync(recipe, due, ct);
            await cloud.Home.Ticks.TryWriteAsync(ParameterOf(recipe), claim, claim with { At = time.GetUtcNow(), IsSent = true }, ct);
        }
    }

    private string ParameterOf(Recipe recipe) => $"{options.Parameters}/{recipe.Name}";

    private static DateTimeOffset? FindDue(ScheduleSpec schedule, TickEntry entry, DateTimeOffset now)
    {
        var later = Ticks.Latest(schedule, entry.Tick, now);
        if (entry.IsSent)
        {
            return later;
        }

        return now - entry.At >= Abandoned ? later ?? entry.Tick : null;
    }

    private async Task RequestAsync(Recipe recipe, DateTimeOffset due, CancellationToken ct)
    {
        var request = new BakeRequest
        {
            Recipe = recipe.Name,
            RequestId = $"schedule-{due.UtcDateTime.ToString("yyyyMMdd'T'HHmm'Z'", CultureInfo.InvariantCulture)}",
            Reason = "schedule",
            RequestedBy = "bakeworker",
            IfChanged = recipe.Schedule!.SkipIfUnchanged,
        };
        var bake = BakeId.For(request.Recipe, request.RequestId);
        using var span = BakeTrace.Sending(queue.NameOf(Lane.Nightly), bake, recipe.Name);
        var message = new QueuedRequest(BakeRequestWriter.Write(request), recipe.Name, bake.Value)
        {
            Owner = recipe.Owner,
            TraceParent = span?.Id,
            Lane = Lane.Nightly,
        };
        await queue.SendAsync(message, ct);
        Log.Requested(logger, recipe.Name, due, bake.Value);
    }
}
