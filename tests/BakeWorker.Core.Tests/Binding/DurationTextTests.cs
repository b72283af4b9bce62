using BakeWorker.Core.Binding;
using CsCheck;

namespace BakeWorker.Core.Tests.Binding;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData("90s", 90)]
    [InlineData("30m", 1800)]
    [InlineData("1h30m", 5400)]
    [InlineData("2d", 172_800)]
    [InlineData("1d1h1m1s", 90_061)]
    [InlineData("0s", 0)]
    public void Duration_WrittenByPeople_IsRead(string text, int seconds)
    {
        DurationText.TryParse(text, out var duration).Should().BeTrue();
        duration.TotalSeconds.Should().Be(seconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("5 m")]
    [InlineData("5M")]
    [InlineData("-5m")]
    [InlineData("1.5h")]
    [InlineData("5m1h")]
    [InlineData("5m5m")]
    [InlineData("5m\n")]
    [InlineData("٣m")]
    [InlineData("999999999999999999999d")]
    public void Duration_Otherwise_IsRefused(string text) => DurationText.TryParse(text, out _).Should().BeFalse();

    [Fact]
    public void Duration_ShownAndRead_IsTheSame() =>
        Gen.Int[0, int.MaxValue]
            .Sample(seconds =>
            {
                var duration = TimeSpan.FromSeconds(seconds);
                return DurationText.TryParse(DurationText.Show(duration), out var read) && read == duration;
            });

    [Fact]
    public void Duration_ReadAndShown_MeansTheSame() =>
        Gen.Select(Gen.Int[0, 99_999], Gen.Int[0, 999_999], Gen.Int[0, 9_999_999], Gen.Int[0, 99_999_999])
            .Sample(
                (d, h, m, s) =>
                {
                    DurationText.TryParse($"{d}d{h}h{m}m{s}s", out var first).Should().BeTrue();
                    DurationText.TryParse(DurationText.Show(first), out var second).Should().BeTrue();
                    return first == second;
                }
            );
}
