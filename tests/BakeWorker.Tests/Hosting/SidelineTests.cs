using BakeWorker.Hosting;
using BakeWorker.Testing;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Tests.Hosting;

public sealed class SidelineTests : IDisposable
{
    private readonly VirtualTime _time = new();
    private readonly RecordedLog _log = new();

    public void Dispose() => _log.Dispose();

    [Fact]
    public void Sideline_WithADefect_IsToldAndBegunAgain()
    {
        var begun = 0;

        Run(_ => ++begun < 3 ? throw new InvalidOperationException("a defect") : Task.CompletedTask);

        begun.Should().Be(3);
        _log.Lines.Should().HaveCount(2).And.OnlyContain(line => line.Level == LogLevel.Error && line.Text.Contains("sweeping"));
    }

    [Fact]
    public void Sideline_ThatIsStopped_IsNoDefect()
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromHours(1), _time);

        var run = () => Run(ct => Task.Delay(Timeout.InfiniteTimeSpan, _time, ct), stop.Token);

        run.Should().Throw<OperationCanceledException>();
        _log.Lines.Should().BeEmpty();
    }

    private void Run(Func<CancellationToken, Task> work, CancellationToken ct = default) =>
        _time.Run(async () =>
        {
            using var loggers = LoggerFactory.Create(logging => logging.AddProvider(_log));
            using var sideline = new Sideline("sweeping", work, _time, loggers.CreateLogger<Sideline>());
            await sideline.RunAsync(ct);
        });
}
