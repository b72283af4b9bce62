using System.Diagnostics;

namespace BakeWorker.Core.Telemetry;

/// <summary>Names of spans, attributes and metrics (OpenTelemetry CI/CD semantic conventions 1.44, and our own under <c>bakeworker.</c>).</summary>
public static class BakeTelemetry
{
    public const string SourceName = "BakeWorker";

    public static readonly ActivitySource Source = new(SourceName, "0.1.0");

    public const string PipelineName = "cicd.pipeline.name";
    public const string RunId = "cicd.pipeline.run.id";
    public const string RunUrl = "cicd.pipeline.run.url.full";
    public const string Action = "cicd.pipeline.action.name";
    public const string Result = "cicd.pipeline.result";
    public const string RunState = "cicd.pipeline.run.state";
    public const string TaskName = "cicd.pipeline.task.name";
    public const string TaskRunId = "cicd.pipeline.task.run.id";
    public const string TaskRunUrl = "cicd.pipeline.task.run.url.full";
    public const string TaskResult = "cicd.pipeline.task.run.result";
    public const string TaskType = "cicd.pipeline.task.type";
    public const string WorkerState = "cicd.worker.state";
    public const string Component = "cicd.system.component";
    public const string Repository = "vcs.repository.url.full";
    public const string Revision = "vcs.ref.head.revision";
    public const string MessagingSystem = "messaging.system";
    public const string MessagingOperation = "messaging.operation.name";
    public const string MessagingOperationType = "messaging.operation.type";
    public const string MessagingDestination = "messaging.destination.name";
    public const string MessageId = "messaging.message.id";
    public const string ReceiveCount = "bakeworker.message.receive_count";
    public const string ErrorType = "error.type";
    public const string Stage = "bakeworker.stage";
    public const string Step = "bakeworker.step";
    public const string Attempt = "bakeworker.attempt";
    public const string ExitCode = "process.exit.code";
    public const string CommandId = "bakeworker.ssm.command.id";
    public const string OutputUrl = "bakeworker.output.url.full";
    public const string InstanceId = "bakeworker.instance.id";
    public const string ImageId = "bakeworker.image.id";
    public const string BaseImageId = "host.image.id";
    public const string Severity = "bakeworker.severity";
    public const string Role = "bakeworker.role";

    /// <summary>A context from <c>traceparent</c> text that somebody else wrote; null unless it is valid.</summary>
    public static ActivityContext? Parse(string? traceParent) =>
        ActivityContext.TryParse(traceParent, null, isRemote: true, out var context) ? context : null;
}
