using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Ssm.Commands;

/// <summary>Commands and invocations as SSM's answers show them.</summary>
internal static class CommandRendering
{
    private const string Truncated = "--output truncated--";
    private const int OutputLimit = 24_000;
    private const int ErrorLimit = 8_000;
    private const int PluginOutputLimit = 2_500;

    public static JsonObject Command(Command command)
    {
        var (status, details) = command.State;
        var answer = command.Request.DeepClone().AsObject();
        answer["CommandId"] = command.Id;
        answer["DocumentName"] = command.Document.Name;
        answer["DocumentVersion"] = command.DocumentVersion;
        answer["Comment"] = command.Comment;
        answer["RequestedDateTime"] = command.RequestedAt.ToEpochSeconds();
        answer["ExpiresAfter"] = command.ExpiresAt.ToEpochSeconds();
        answer["TimeoutSeconds"] = (int)command.DeliveryTimeout.TotalSeconds;
        answer["Status"] = status;
        answer["StatusDetails"] = details;
        answer["MaxConcurrency"] = command.MaxConcurrency;
        answer["MaxErrors"] = command.MaxErrors;
        answer["TargetCount"] = command.Invocations.Count;
        answer["CompletedCount"] = command.Invocations.Count(invocation => invocation.IsDone);
        answer["ErrorCount"] = command.ErrorCount;
        answer["DeliveryTimedOutCount"] = command.Invocations.Count(invocation => invocation.StatusDetails == "DeliveryTimedOut");
        answer["OutputS3BucketName"] = "";
        answer["OutputS3KeyPrefix"] = "";
        answer.TryAdd("InstanceIds", new JsonArray());
        answer.TryAdd("Targets", new JsonArray());
        return answer;
    }

    /// <summary>GetCommandInvocation's answer; the outcome of a step only when it is named or the only one.</summary>
    public static JsonObject Details(Command command, Invocation invocation, string? step)
    {
        var ran = command.Document.StepFor(invocation.Machine.IsWindows);
        var isShown = command.Document.HasOneStep || step is not null;
        var isRun = step is null || step == ran.Name;
        var answer = new JsonObject
        {
            ["CommandId"] = command.Id,
            ["InstanceId"] = invocation.InstanceId,
            ["Comment"] = command.Comment,
            ["DocumentName"] = command.Document.Name,
            ["DocumentVersion"] = command.DocumentVersion,
            ["PluginName"] = isShown ? step ?? ran.Name : "",
            ["ResponseCode"] = isRun ? invocation.ResponseCode : 0,
            ["ExecutionStartDateTime"] = Text(invocation.StartedAt),
            ["ExecutionElapsedTime"] = invocation is { StartedAt: { } start, EndedAt: { } end }
                ? XmlConvert.ToString(TimeSpan.FromMilliseconds(Math.Floor((end - start).TotalMilliseconds)))
                : "",
            ["ExecutionEndDateTime"] = Text(invocation.StartedAt is null ? null : invocation.EndedAt),
            ["Status"] = isRun ? invocation.Status : "Success",
            ["StatusDetails"] = isRun ? invocation.StatusDetails : "Success",
            ["StandardOutputContent"] = isShown && isRun && invocation.IsDone ? Cut(invocation.Output.ToString(), OutputLimit) : "",
            ["StandardOutputUrl"] = "",
            ["StandardErrorContent"] = isShown && isRun && invocation.IsDone ? Cut(invocation.ErrorOutput.ToString(), ErrorLimit) : "",
            ["StandardErrorUrl"] = "",
            ["CloudWatchOutputConfig"] = CloudWatch(command),
        };
        return answer;
    }

    /// <summary>A row of ListCommandInvocations.</summary>
    public static JsonObject Row(Command command, Invocation invocation, bool withPlugins) =>
        new()
        {
            ["CommandId"] = command.Id,
            ["InstanceId"] = invocation.InstanceId,
            ["InstanceName"] = invocation.Machine.Tags.GetValueOrDefault("Name") ?? "",
            ["Comment"] = command.Comment,
            ["DocumentName"] = command.Document.Name,
            ["DocumentVersion"] = command.DocumentVersion,
            ["RequestedDateTime"] = command.RequestedAt.ToEpochSeconds(),
            ["Status"] = invocation.Status,
            ["StatusDetails"] = invocation.StatusDetails,
            ["StandardOutputUrl"] = "",
            ["StandardErrorUrl"] = "",
            ["CommandPlugins"] = new JsonArray(withPlugins ? Plugins(command, invocation) : []),
            ["ServiceRole"] = "",
            ["NotificationConfig"] = new JsonObject
            {
                ["NotificationArn"] = "",
                ["NotificationEvents"] = new JsonArray(),
                ["NotificationType"] = "",
            },
            ["CloudWatchOutputConfig"] = CloudWatch(command),
        };

    private static JsonNode?[] Plugins(Command command, Invocation invocation)
    {
        var ran = command.Document.StepFor(invocation.Machine.IsWindows);
        return command
            .Document.Steps.Select(step =>
                (JsonNode?)(step == ran ? Plugin(step.Name, invocation) : Skipped(step.Name, step.Action, invocation))
            )
            .ToArray();
    }

    private static JsonObject Plugin(string name, Invocation invocation)
    {
        var output = invocation.Output.ToString();
        if (invocation.ErrorOutput.Length > 0)
        {
            output += $"\n----------ERROR-------\n{invocation.ErrorOutput}";
        }

        var plugin = PluginHead(name, invocation.Status == "Cancelling" ? "InProgress" : invocation.Status, invocation.StatusDetails);
        plugin["ResponseCode"] = invocation.ResponseCode;
        plugin["Output"] = invocation.IsDone ? Cut(output, PluginOutputLimit) : "";
        if (invocation.StartedAt is { } start)
        {
            plugin["ResponseStartDateTime"] = start.ToEpochSeconds();
        }

        if (invocation.EndedAt is { } end)
        {
            plugin["ResponseFinishDateTime"] = end.ToEpochSeconds();
        }

        return plugin;
    }

    private static JsonObject Skipped(string name, string action, Invocation invocation)
    {
        var status = invocation.IsDone ? "Success" : "Pending";
        var plugin = PluginHead(name, status, status);
        plugin["ResponseCode"] = invocation.IsDone ? 0 : -1;
        plugin["Output"] = invocation.IsDone ? $"Step execution skipped due to unsupported platform: {action}. Step name: {name}" : "";
        return plugin;
    }

    private static JsonObject PluginHead(string name, string status, string details) =>
        new()
        {
            ["Name"] = name,
            ["Status"] = status,
            ["StatusDetails"] = details,
            ["StandardOutputUrl"] = "",
            ["StandardErrorUrl"] = "",
            ["OutputS3Region"] = "",
            ["OutputS3BucketName"] = "",
            ["OutputS3KeyPrefix"] = "",
        };

    private static JsonNode CloudWatch(Command command) =>
        command.Request["CloudWatchOutputConfig"]?.DeepClone()
        ?? new JsonObject { ["CloudWatchLogGroupName"] = "", ["CloudWatchOutputEnabled"] = false };

    private static string Text(DateTimeOffset? moment) =>
        moment?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture) ?? "";

    /// <summary>The first characters; the marker counts as part of them.</summary>
    private static string Cut(string text, int limit) => text.Length <= limit ? text : text[..(limit - Truncated.Length)] + Truncated;
}
