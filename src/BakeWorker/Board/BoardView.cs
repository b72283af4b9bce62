using System.Text.Json.Nodes;
using BakeWorker.Board.Cloud;
using BakeWorker.Board.Journal;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Pipeline;

namespace BakeWorker.Board;

/// <summary>What the board shows: this worker's journal and the account's own record, as one.</summary>
internal sealed class BoardView(
    BakeJournal journal,
    AccountWatch account,
    StepReader steps,
    CallBudgets budgets,
    WebOptions web,
    BakeryOptions bakery,
    ConsumerOptions consumer,
    TimeProvider time
)
{
    public async Task<Overview> OverviewAsync(CancellationToken ct)
    {
        var (seen, bakes) = await ReadAsync(ct);
        return new Overview
        {
            Version = journal.Version,
            Now = time.GetUtcNow(),
            SeenAt = seen.At,
            Trouble = seen.Trouble,
            Worker = bakery.Worker,
            Counts = BakeStates.All.ToDictionary(state => state, state => bakes.Count(bake => bake.State == state)),
            Queue = seen.Queue,
            Workers = Workers(bakes),
            Recipes = seen.Recipes,
            Budgets = budgets.Budgets,
            DeadServices = budgets.Dead,
        };
    }

    /// <summary>One page of what the filter lets through, active bakes by their start, then the others from the youngest on.</summary>
    public async Task<BakePage> ListAsync(BakeFilter filter, CancellationToken ct)
    {
        var (_, bakes) = await ReadAsync(ct);
        var fitting = bakes.Where(filter.Fits).ToList();
        return new BakePage(fitting.Count, filter.Page, filter.Size, [.. fitting.Skip((filter.Page - 1) * filter.Size).Take(filter.Size)]);
    }

    /// <summary>One bake; null when neither this worker nor the account knows of it.</summary>
    public async Task<BoardBake?> FindAsync(string bakeId, CancellationToken ct)
    {
        var (_, bakes) = await ReadAsync(ct);
        return bakes.FirstOrDefault(bake => bake.BakeId == bakeId);
    }

    /// <summary>The same with its steps and its result.</summary>
    public async Task<BakeDetail?> DetailAsync(string bakeId, CancellationToken ct)
    {
        if (await FindAsync(bakeId, ct) is not { } bake)
        {
            return null;
        }

        var seen = account.Seen.Bakes.FirstOrDefault(told => told.BakeId == bakeId);
        var (read, trouble) = seen is null ? ([], null) : await steps.ReadAsync(seen, ct);
        var result = journal.FindResult(bakeId);
        return new BakeDetail(bake)
        {
            Steps = read,
            StepsTrouble = trouble,
            Result = result is null ? null : JsonNode.Parse(BakeResultWriter.Write(result)),
            Told = result,
        };
    }

    /// <summary>What became of one of this worker's own younger bakes.</summary>
    public BakeResult? FindResult(string bakeId) => journal.FindResult(bakeId);

    private async Task<(Sight Seen, IReadOnlyList<BoardBake> Bakes)> ReadAsync(CancellationToken ct)
    {
        var seen = await account.LookAsync(ct);
        var bakes = seen.Told.ToDictionary(bake => bake.BakeId);
        foreach (var own in journal.List())
        {
            bakes[own.BakeId] = bakes.TryGetValue(own.BakeId, out var told) && IsNewer(told, own) ? told : own;
        }

        return (
            seen,
            [
                .. bakes
                    .Values.Select(WithTrace)
                    .OrderByDescending(bake => bake.IsActive)
                    .ThenBy(bake => bake.IsActive ? bake.StartedAt : null)
                    .ThenByDescending(bake => bake.EndedAt ?? bake.StartedAt)
                    .ThenBy(bake => bake.BakeId, StringComparer.Ordinal),
            ]
        );
    }

    // What this worker saw says more, until another one has gone on with the bake, or was asked for it again.
    private static bool IsNewer(BoardBake told, BoardBake own) =>
        own.State == BakeStates.Paused || (own.EndedAt is { } ended && told.IsActive && told.StartedAt > ended);

    private BoardBake WithTrace(BoardBake bake) =>
        bake.TraceId is { } id && web.TraceUrl.Length > 0 ? bake with { TraceUrl = web.TraceUrl.Replace("{traceId}", id) } : bake;

    private IReadOnlyList<BoardWorker> Workers(IReadOnlyList<BoardBake> bakes) =>
        [
            .. bakes
                .Where(bake => bake is { IsActive: true, Worker: not null })
                .CountBy(bake => bake.Worker!)
                .Append(new(bakery.Worker, 0))
                .GroupBy(worker => worker.Key, worker => worker.Value)
                .Select(worker => new BoardWorker(
                    worker.Key,
                    worker.Sum(),
                    worker.Key == bakery.Worker ? consumer.Concurrency : null,
                    worker.Key == bakery.Worker
                ))
                .OrderByDescending(worker => worker.IsThis)
                .ThenBy(worker => worker.Name, StringComparer.Ordinal),
        ];
}
