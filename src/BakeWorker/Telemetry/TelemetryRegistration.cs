using BakeWorker.Aws.Telemetry;
using BakeWorker.Core.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace BakeWorker.Telemetry;

/// <summary>What <c>/metrics</c> is made from; nothing where OpenTelemetry is turned off.</summary>
internal sealed record Scraping(MeterProvider? Metrics);

/// <summary>
/// Sends traces, metrics and logs over OTLP, each only where OpenTelemetry's own variables name an endpoint; where the worker shows itself, its
/// metrics can be scraped there as well.
/// </summary>
internal static class TelemetryRegistration
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static IServiceCollection AddTelemetry(
        this IServiceCollection services,
        IConfiguration configuration,
        string worker,
        bool isScraped
    )
    {
        var isEnabled = !string.Equals(configuration["OTEL_SDK_DISABLED"], "true", StringComparison.OrdinalIgnoreCase);
        var telemetry = services.AddOpenTelemetry().ConfigureResource(resource => Describe(resource, worker));
        if (IsOn("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"))
        {
            telemetry.WithTracing(traces =>
                traces
                    .AddSource(BakeTelemetry.SourceName, AwsTelemetry.Name)
                    .AddProcessor<RunOnEverySpan>()
                    .AddOtlpExporter(options => SendTo(options, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"))
            );
        }

        isScraped &= isEnabled;
        var isSent = IsOn("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT");
        if (isSent || isScraped)
        {
            telemetry.WithMetrics(metrics =>
            {
                metrics.AddMeter(BakeTelemetry.SourceName, AwsTelemetry.Name).AddRuntimeInstrumentation();
                _ = isSent ? metrics.AddOtlpExporter(options => SendTo(options, "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT")) : metrics;
                _ = isScraped ? metrics.AddPrometheusExporter() : metrics;
            });
        }

        if (IsOn("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT"))
        {
            telemetry.WithLogging(
                logs =>
                    logs.AddProcessor(new RunOnEveryLog()).AddOtlpExporter(options => SendTo(options, "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT")),
                options => options.IncludeFormattedMessage = true
            );
        }

        return services.AddSingleton(provider => new Scraping(isScraped ? provider.GetRequiredService<MeterProvider>() : null));

        // The exporter by itself reads only the endpoint that is for all signals.
        void SendTo(OtlpExporterOptions options, string ofSignal)
        {
            if (configuration[ofSignal] is { Length: > 0 } endpoint)
            {
                options.Endpoint = new Uri(endpoint);
            }
        }

        bool IsOn(string ofSignal) => isEnabled && (configuration[ofSignal] ?? configuration[Endpoint]) is { Length: > 0 };
    }

    private static void Describe(ResourceBuilder resource, string worker) =>
        resource
            .AddService("bakeworker", serviceVersion: Cli.Version, serviceInstanceId: worker)
            .AddAttributes([new("cicd.worker.id", worker), new("cicd.worker.name", worker)])
            // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES have the last word.
            .AddEnvironmentVariableDetector();
}
