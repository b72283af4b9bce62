using System.Diagnostics;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;
using BakeWorker.Core.Telemetry;
using BakeWorker.Core.Waiting;

namespace BakeWorker.Core.Pipeline;

/// <summary>A script or document to run in a guest, under a key that is unique within the bake.</summary>
public sealed record GuestTask(string Key, TimeSpan Timeout)
{
    public string? Script { get; init; }
    public string? Document { get; init; }
    public IReadOnlyDictionary<string, string> DocumentParameters { get; init; } = new Dictionary<string, string>();
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
    public RebootPolicy Reboot { get; init; } = RebootPolicy.Never;

    /// <summary>Somebody reads what it prints, also when it succeeds.</summary>
    public bool IsRead { get; init; }
}

/// <summary>Runs tasks in guests through Run Command and waits for their end, as long as the guest lives.</summary>
public sealed class GuestShell(ICloud cloud, Watchers watchers, Pools pools)
{
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(2);

    /// <summary>The ended command with its output: succeeded, failed or timed out.</summary>
    /// <exception cref="BakeFailedException">It was not delivered, or the guest was lost: transient.</exception>
    public async Task<Command> RunAsync(Bake bake, Instance guest, GuestTask task, CancellationToken ct)
    {
        using var span = StartSpan(bake, guest, task);
        var sent = await cloud.Home.Commands.EnsureAsync(bake, guest.Id, Order(bake, guest, task), ct);
        span?.SetTag(BakeTelemetry.CommandId, sent.Key.CommandId)
            .SetTag(BakeTelemetry.OutputUrl, ConsoleUrls.OfCommand(cloud.Home.Name, sent.Key));
        var begun = new Begun($"{bake.Recipe.Name}/{task.Key}", sent.At);
        var result = await WhileAliveAsync(guest, token => ResultAsync(sent.Key, begun, task.IsRead, token), ct);
        span?.SetTag(BakeTelemetry.ExitCode, result.ExitCode);
        if (result.State is not CommandState.Succeeded)
        {
            span?.SetStatus(ActivityStatusCode.Error, result.StatusDetails);
            await CheckAliveAsync(guest, ct);
        }

        return result.State is CommandState.Undelivered or CommandState.Cancelled
            ? throw Failures.StepUndelivered(task.Key, result)
            : result;
    }

    /// <summary>The last lines of a task that was killed before it could print them; empty when the guest does not say.</summary>
    public async Task<string> TailAsync(Bake bake, Instance guest, string key, CancellationToken ct)
    {
        var isWindows = bake.Recipe.Platform == Platform.Windows;
        var order = new CommandOrder
        {
            Key = $"tail/{key}",
            IsWindows = isWindows,
            Script = StepEnvelope.FetchTail(bake.Id, key, isWindows),
            Timeout = TimeSpan.FromMinutes(1),
        };
        var sent = await cloud.Home.Commands.EnsureAsync(bake, guest.Id, order, ct);
        var begun = new Begun("tail", sent.At);
        var result = await WhileAliveAsync(guest, token => ResultAsync(sent.Key, begun, isRead: true, token), ct);
        return Failures.LastLines(result);
    }

    /// <summary>Does something that needs the guest, and ends with a clear failure when the guest is lost meanwhile (a spot interruption, a step that halts it).</summary>
    public async Task<T> WhileAliveAsync<T>(Instance guest, Func<CancellationToken, Task<T>> work, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var life = new Begun($"life of {guest.Id}", watchers.Time.GetUtcNow());
        var lost = watchers.Home.Liveness.WaitAsync(guest.Id, life, IsLost, stop.Token);
        var done = work(stop.Token);
        var first = await Task.WhenAny(done, lost);
        stop.Cancel();
        await Task.WhenAll(done, lost)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        if (first != lost || !lost.IsCompletedSuccessfully || done.IsCompletedSuccessfully)
        {
            return await done;
        }

        throw Lost(await lost);
    }

    /// <summary>Before a failure in a guest is believed: one that is going down kills what runs in it, and that says nothing about the bake.</summary>
    /// <exception cref="BakeFailedException">The guest is lost.</exception>
    public async Task CheckAliveAsync(Instance guest, CancellationToken ct)
    {
        var seen = await cloud.Home.Instances.ReadAsync([guest.Id], ct);
        if (seen.TryGetValue(guest.Id, out var now) && IsLost(now))
        {
            throw Lost(now);
        }
    }

    /// <summary>The moment from which a guest of this recipe is on its way up.</summary>
    public Begun Launched(Bake bake, Instance guest) => new(bake.Recipe.Name, guest.LaunchedAt ?? watchers.Time.GetUtcNow());

    // Where its last lines are, never what they or the script say.
    private static Activity? StartSpan(Bake bake, Instance guest, GuestTask task)
    {
        var name = task.Key.Split('/') is [_, var one, ..] parts ? (parts[0] is "step" or "test" ? one : task.Key) : task.Key;
        var span = BakeTelemetry.Source.StartActivity($"step {name}");
        foreach (var (fact, value) in BakeScope.Current ?? BakeScope.Of(bake, "bake"))
        {
            span?.SetTag(fact, value);
        }

        return span
            ?.SetTag(BakeTelemetry.Step, task.Key)
            .SetTag(BakeTelemetry.Attempt, bake.Attempt)
            .SetTag(BakeTelemetry.InstanceId, guest.Id.Value);
    }

    private static bool IsLost(Instance seen) => seen.IsGone || seen.State is InstanceState.Stopped or InstanceState.Stopping;

    private BakeFailedException Lost(Instance gone)
    {
        pools.Saw(gone);
        return Failures.InstanceLost("guest", gone);
    }

    private static CommandOrder Order(Bake bake, Instance guest, GuestTask task)
    {
        var isWindows = bake.Recipe.Platform == Platform.Windows;
        var script = task.Script is { } text
            ? StepEnvelope.Wrap(
                new StepScript
                {
                    Bake = bake.Id,
                    Key = task.Key,
                    Text = text,
                    Environment = WithFacts(task.Environment, bake, guest),
                    Reboot = task.Reboot,
                    IsWindows = isWindows,
                }
            )
            : [];
        return new CommandOrder
        {
            Key = task.Key,
            IsWindows = isWindows,
            Script = script,
            Document = task.Document,
            DocumentParameters = task.DocumentParameters,
            Timeout = task.Timeout,
        };
    }

    // What every script may know of where it runs, unless the recipe says it otherwise.
    private static Dictionary<string, string> WithFacts(IReadOnlyDictionary<string, string> own, Bake bake, Instance guest)
    {
        var values = new Dictionary<string, string>
        {
            ["BAKE_ID"] = bake.Id.Value,
            ["RECIPE"] = bake.Recipe.Name,
            ["RECIPE_DIGEST"] = bake.Recipe.Digest,
            ["INSTANCE_ID"] = guest.Id.Value,
            ["SOURCE_IMAGE"] = guest.Tags.GetValueOrDefault(ResourceTags.SourceImage, ""),
        };
        foreach (var (name, value) in own)
        {
            values[name] = value;
        }

        return values;
    }

    // What a script said is fetched only where somebody reads it: for what it lists, or for why it failed.
    private async Task<Command> ResultAsync(CommandKey key, Begun begun, bool isRead, CancellationToken ct)
    {
        var ended = await watchers.Home.Commands.WaitAsync(key, begun, seen => seen.IsDone, ct);
        return ended switch
        {
            { HasOutput: true } or { State: CommandState.Undelivered } => ended,
            { State: CommandState.Succeeded } when !isRead => ended with { ExitCode = 0 },
            _ => await watchers.Home.CommandResults.WaitAsync(key, seen => seen.IsDone, ct),
        };
    }

    /// <summary>What a task may take at most, delivery and reboot included: for the budgets of stages.</summary>
    public static TimeSpan Budget(TimeSpan timeout, int tries = 1) => (timeout + Slack) * tries;
}
