using BakeWorker.Output;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Hosting;

/// <summary>Writes log lines to the terminal's standard error, one line each.</summary>
internal sealed class TerminalLoggerProvider(Terminal terminal) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new TerminalLogger(terminal);

    public void Dispose() { }

    private sealed class TerminalLogger(Terminal terminal) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            var line = $"{Word(logLevel)}: {formatter(state, exception)}";
            terminal.Say(exception is null ? line : $"{line}\n{exception}");
        }

        private static string Word(LogLevel level) =>
            level switch
            {
                LogLevel.Critical or LogLevel.Error => "error",
                LogLevel.Warning => "warning",
                _ => "info",
            };
    }
}
