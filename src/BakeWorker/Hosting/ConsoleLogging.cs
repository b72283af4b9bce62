using System.Diagnostics;
using BakeWorker.Output;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace BakeWorker.Hosting;

/// <summary>Where log lines go and how they look; levels are read from section <c>Logging</c>.</summary>
internal static class ConsoleLogging
{
    private const string Clock = "HH:mm:ss ";

    /// <summary>A worker's log is its output: JSON for collectors, one readable line each where a person looks on.</summary>
    public static void OfWorker(ILoggingBuilder logging, IConfiguration configuration, Terminal terminal, bool isVerbose)
    {
        Begin(logging, configuration, isVerbose ? LogLevel.Debug : LogLevel.Information);
        if (terminal.IsInteractive)
        {
            logging.AddSimpleConsole(Readable);
        }
        else
        {
            logging.AddJsonConsole(options =>
            {
                options.IncludeScopes = true;
                options.UseUtcTimestamp = true;
                options.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            });
        }
    }

    /// <summary>A command's output is its answer, so its log goes to standard error, and only what nobody else tells goes there at all.</summary>
    public static void OfCommand(ILoggingBuilder logging, IConfiguration configuration, Terminal terminal, LogLevel least)
    {
        Begin(logging, configuration, least);
        logging.AddProvider(new TerminalLoggerProvider(terminal));
    }

    private static void Begin(ILoggingBuilder logging, IConfiguration configuration, LogLevel least)
    {
        logging.SetMinimumLevel(least);
        logging.AddConfiguration(configuration.GetSection("Logging"));
        // The framework's start and stop lines repeat what our own say.
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.Configure(options => options.ActivityTrackingOptions = ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId);
    }

    private static void Readable(SimpleConsoleFormatterOptions options)
    {
        options.SingleLine = true;
        options.TimestampFormat = Clock;
    }
}
