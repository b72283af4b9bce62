using BakeWorker.Aws.Telemetry;
using BakeWorker.Commands;
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
    private const string Exporter = "OTEL_EXPORTER_OTLP";

    public static IServiceCollection AddTelemetry(
        this IServiceCollection services,
        IConfiguration configuration,
        string worker,
        bool isScraped
    )
    {
        var isEnabled = !string.Equals(configuration["OTEL_SDK_DISABLED"], "true", StringComparison.OrdinalIgnoreCase);
        var telemetry = services.AddOpenTelemetry().ConfigureResource(resource => Describe(resource, worker));
        if (IsOn("TRACES"))
        {
            telemetry.WithTracing(traces =>
                traces
                    .AddSource(BakeTelemetry.SourceName, AwsTelemetry.Name)
                    .AddProcessor<RunOnEverySpan>()
                    .AddOtlpExporter(options => SendTo(options, "TRACES"))
            );
        }

        isScraped &= isEnabled;
        var isSent = IsOn("METRICS");
        if (isSent || isScraped)
        {
            telemetry.WithMetrics(metrics =>
            {
                metrics.AddMeter(BakeTelemetry.SourceName, AwsTelemetry.Name).AddRuntimeInstrumentation();
                _ = isSent ? metrics.AddOtlpExporter(options => SendTo(options, "METRICS")) : metrics;
                _ = isScraped ? metrics.AddPrometheusExporter() : metrics;
            });
        }

        if (IsOn("LOGS"))
        {
            telemetry.WithLogging(
                logs => logs.AddProcessor(new RunOnEveryLog()).AddOtlpExporter(options => SendTo(options, "LOGS")),
                options => options.IncludeFormattedMessage = true
            );
        }

        return services.AddSingleton(provider => new Scraping(isScraped ? provider.GetRequiredService<MeterProvider>() : null));

        // The exporter by itself reads only what is for all signals.
        void SendTo(OtlpExporterOptions options, string signal)
        {
            if (FindEndpoint($"{Exporter}_{signal}_ENDPOINT") is { } endpoint)
            {
                // Once it is set, the signal's own path is no longer put behind it.
                options.Endpoint = endpoint;
            }

            options.Headers = configuration[$"{Exporter}_{signal}_HEADERS"] ?? options.Headers;
            options.Protocol = configuration[$"{Exporter}_{signal}_PROTOCOL"] switch
            {
                "grpc" => OtlpExportProtocol.Grpc,
                "http/protobuf" => OtlpExportProtocol.HttpProtobuf,
                _ => options.Protocol,
            };
        }

        bool IsOn(string signal) =>
            isEnabled && (FindEndpoint($"{Exporter}_{signal}_ENDPOINT") ?? FindEndpoint($"{Exporter}_ENDPOINT")) is not null;

        // The exporter would send to its default address, and say so nowhere.
        Uri? FindEndpoint(string variable) =>
            configuration[variable] is not { Length: > 0 } text ? null
            : Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri
            : throw new UsageException($"{variable} is {text}: write the address of a collector, such as http://127.0.0.1:4317.");
    }

    private static void Describe(ResourceBuilder resource, string worker) =>
        resource
            .AddService("bakeworker", serviceVersion: Cli.Version, serviceInstanceId: worker)
            .AddAttributes([new("cicd.worker.id", worker), new("cicd.worker.name", worker)])
            // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES have the last word.
            .AddEnvironmentVariableDetector();
}
