using System.Diagnostics;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Telemetry;

namespace BakeWorker.Core.Pipeline;

/// <summary>The spans of a whole bake and of its attempts. They are made when they end, with their true start: an open one would be lost with the process.</summary>
public sealed class RunSpans(ICloud cloud, TimeProvider time)
{
    /// <summary>The bake has come to its end.</summary>
    public void Ended(BakeRun run, string result, string? error)
    {
        var bake = run.Bake;
        using var span = Start(
            $"BUILD {bake.Recipe.Name}",
            ActivityKind.Server,
            bake,
            bake.BegunAt ?? bake.StartedAt,
            [
                new(BakeTelemetry.Action, "BUILD"),
                new(BakeTelemetry.Result, result),
                new(BakeTelemetry.RunUrl, ConsoleUrls.OfBake(cloud.Home.Name, bake.Id)),
                new(BakeTelemetry.BaseImageId, run.Base?.Id.Value),
                new(BakeTelemetry.ImageId, run.Image?.Value),
                new(BakeTelemetry.Repository, bake.Request.Source?.Repository),
                new(BakeTelemetry.Revision, bake.Request.Source?.Revision),
            ]
        );
        End(span, error);
    }

    /// <summary>This attempt ended, and another one will go on.</summary>
    public void LeftOff(Bake bake, string result, string? error)
    {
        using var span = Start("attempt", ActivityKind.Internal, bake, bake.StartedAt, [new(BakeTelemetry.TaskResult, result)]);
        End(span, error);
    }

    /// <summary>From the end of its last stage until nothing of it runs any more.</summary>
    public Activity? Releasing(Bake bake) => Start("release", ActivityKind.Internal, bake, default, []);

    private static Activity? Start(
        string name,
        ActivityKind kind,
        Bake bake,
        DateTimeOffset start,
        IEnumerable<KeyValuePair<string, object?>> facts
    ) =>
        BakeTelemetry.Source.StartActivity(
            name,
            kind,
            BakeTelemetry.Parse(bake.TraceParent) ?? default,
            [
                .. BakeScope.Of(bake, name == "release" ? name : "bake"),
                new(BakeTelemetry.Attempt, bake.Attempt),
                .. facts.Where(fact => fact.Value is not null),
            ],
            startTime: start
        );

    private void End(Activity? span, string? error)
    {
        if (error is not null)
        {
            span?.SetTag(BakeTelemetry.ErrorType, error).SetStatus(ActivityStatusCode.Error, error);
        }

        span?.SetEndTime(time.GetUtcNow().UtcDateTime);
    }
}

/// <summary>Where in AWS's console a person sees what a span is about.</summary>
public static class ConsoleUrls
{
    public static string OfBake(string region, BakeId bake) =>
        $"https://{region}.console.aws.amazon.com/ec2/home?region={region}#Instances:tag:{Uri.EscapeDataString(ResourceTags.BakeId)}={bake}";

    /// <summary>A command with its last lines.</summary>
    public static string OfCommand(string region, CommandKey command) =>
        $"https://{region}.console.aws.amazon.com/systems-manager/run-command/{command.CommandId}/{command.Instance}?region={region}";
}
