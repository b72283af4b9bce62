using BakeWorker.Core.Pipeline;
using BakeWorker.Testing;

namespace BakeWorker.Core.Tests.Pipeline;

public sealed class SideBySideTests
{
    private readonly VirtualTime _time = new();

    [Fact]
    public void Start_OneFails_StopsTheOthersAndIsWhatIsSeen() =>
        _time.Run(async () =>
        {
            await using var beside = new SideBySide(CancellationToken.None);
            var slow = beside.Start(ct => HourAsync(ct));
            var broken = beside.Start<int>(async _ =>
            {
                await Task.Delay(TimeSpan.FromSeconds(1), _time, CancellationToken.None);
                throw new InvalidDataException("first");
            });

            // Awaited first, although it is only a victim.
            await slow.Awaiting(task => task).Should().ThrowAsync<InvalidDataException>();
            await broken.Awaiting(task => task).Should().ThrowAsync<InvalidDataException>();
            _time.GetUtcNow().Minute.Should().Be(0);
        });

    [Fact]
    public void Dispose_SomethingStillRuns_StopsItAndWaits() =>
        _time.Run(async () =>
        {
            Task<int> slow;
            await using (var beside = new SideBySide(CancellationToken.None))
            {
                slow = beside.Start(ct => HourAsync(ct));
            }

            slow.IsCanceled.Should().BeTrue();
        });

    private async Task<int> HourAsync(CancellationToken ct)
    {
        await Task.Delay(TimeSpan.FromHours(1), _time, ct);
        return 1;
    }
}
