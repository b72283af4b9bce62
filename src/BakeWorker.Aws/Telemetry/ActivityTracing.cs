using System.Diagnostics;
using Amazon.Runtime;
using Amazon.Runtime.Telemetry;
using Amazon.Runtime.Telemetry.Tracing;

namespace BakeWorker.Aws.Telemetry;

/// <summary>Lets the SDK's own spans appear as activities: one <c>EC2.RunInstances</c> per call; the SDK's inner spans are left out.</summary>
internal sealed class ActivityTracing : TracerProvider
{
    public static TelemetryProvider Create()
    {
        var telemetry = new DefaultTelemetryProvider();
        telemetry.RegisterTracerProvider(new ActivityTracing());
        return telemetry;
    }

    public override Tracer GetTracer(string scope) => new ActivityTracer();

    private sealed class ActivityTracer : Tracer
    {
        public override TraceSpan CreateSpan(
            string name,
            Attributes? initialAttributes = null,
            SpanKind spanKind = SpanKind.INTERNAL,
            SpanContext? parentContext = null
        )
        {
            var activity =
                spanKind == SpanKind.CLIENT && !AwsTelemetry.IsQuiet ? AwsTelemetry.Source.StartActivity(name, ActivityKind.Client) : null;
            foreach (var (key, value) in (activity is null ? null : initialAttributes?.AllAttributes) ?? [])
            {
                activity!.SetTag(key, value);
            }

            return new ActivitySpan(activity);
        }
    }

    private sealed class ActivitySpan(Activity? activity) : TraceSpan
    {
        public override void EmitEvent(string name, Attributes? attributes = null) { }

        public override void SetAttribute(string key, object value) => activity?.SetTag(key, value);

        public override void SetStatus(SpanStatus spanStatus)
        {
            if (spanStatus == SpanStatus.ERROR)
            {
                activity?.SetStatus(ActivityStatusCode.Error);
            }
        }

        public override void RecordException(Exception exception, Attributes? attributes = null)
        {
            var type = exception is AmazonServiceException { ErrorCode.Length: > 0 } aws
                ? Errors.AwsErrors.CodeOf(aws)
                : exception.GetType().FullName;
            activity?.SetTag("error.type", type).SetStatus(ActivityStatusCode.Error, exception.Message);
        }

        public override void End() => activity?.Dispose();

        protected override void Dispose(bool disposing)
        {
            activity?.Dispose();
            base.Dispose(disposing);
        }
    }
}
