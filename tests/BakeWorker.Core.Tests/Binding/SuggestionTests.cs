using BakeWorker.Core.Binding;
using CsCheck;

namespace BakeWorker.Core.Tests.Binding;

public sealed class SuggestionTests
{
    private static readonly string[] Known = ["name", "retries", "rootVolume", "on-demand", "timeout"];

    [Theory]
    [InlineData("nmae", "name")]
    [InlineData("retires", "retries")]
    [InlineData("root_volume", "rootVolume")]
    [InlineData("RootVolume", "rootVolume")]
    [InlineData("ondemand", "on-demand")]
    [InlineData("timout", "timeout")]
    [InlineData("colour", null)]
    [InlineData("x", null)]
    public void Word_NearAKnownOne_IsGuessed(string written, string? meant) => Suggestion.For(written, Known).Should().Be(meant);

    [Fact]
    public void Word_OneSlipAway_IsAlwaysGuessed() =>
        Gen.Select(Gen.Int[0, Known.Length - 1], Gen.Int[0, 100])
            .Sample(
                (which, at) =>
                {
                    var word = Known[which];
                    return Suggestion.For(word.Remove(at % word.Length, 1), Known) == word;
                }
            );
}
