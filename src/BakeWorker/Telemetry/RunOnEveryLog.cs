using BakeWorker.Core.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Logs;

namespace BakeWorker.Telemetry;

/// <summary>
/// Writes recipe, bake id and stage on every log record of a bake, and its trace where no span is open. The exporter's own way, by scopes, would send the stage of each scope around the
/// record under the same name.
/// </summary>
internal sealed class RunOnEveryLog : BaseProcessor<LogRecord>
{
    public override void OnEnd(LogRecord data)
    {
        if (BakeScope.Current is not { } scope)
        {
            return;
        }

        data.Attributes = [.. data.Attributes ?? [], .. scope];
        if (data.TraceId == default && scope.Trace is { } trace)
        {
            (data.TraceId, data.SpanId, data.TraceFlags) = (trace.TraceId, trace.SpanId, trace.TraceFlags);
        }
    }
}
