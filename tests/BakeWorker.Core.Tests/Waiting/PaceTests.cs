using BakeWorker.Core.Waiting;

namespace BakeWorker.Core.Tests.Waiting;

public sealed class PaceTests
{
    private readonly Pace _pace = new(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1));

    [Theory]
    [InlineData(0, 5)]
    [InlineData(3, 2)]
    [InlineData(5, 5)]
    [InlineData(40, 10)]
    [InlineData(600, 60)]
    public void Next_NothingKnown_LooksLaterTheLongerItTakes(double elapsed, double pause) =>
        _pace.Next("new", Seconds(elapsed)).Should().Be(Seconds(pause));

    [Theory]
    [InlineData(0, 60)]
    [InlineData(170, 10)]
    [InlineData(180, 5)]
    [InlineData(200, 5)]
    [InlineData(1_200, 60)]
    public void Next_Learnt_IsCalmBefore_FastWhenDue_AndCalmWhenLongOverdue(double elapsed, double pause)
    {
        _pace.Learn("patch", Seconds(180), notYet: Seconds(175));

        _pace.Next("patch", Seconds(elapsed)).Should().Be(Seconds(pause));
    }

    [Fact]
    public void Learn_FoundAtTheFirstLook_LooksEarlierNextTime()
    {
        _pace.Learn("step", Seconds(100), Seconds(80));
        _pace.Learn("step", Seconds(100), null);

        _pace.Next("step", TimeSpan.Zero).Should().Be(Seconds(60));
        _pace.Next("step", Seconds(60)).Should().Be(Seconds(30), "a tenth earlier than it was found");
    }

    [Theory]
    [InlineData(null)]
    [InlineData(100.0)]
    public void Learn_FoundLongAfterItWasDue_LearnsNothing(double? known)
    {
        if (known is { } took)
        {
            _pace.Learn("launch", Seconds(took), Seconds(took - 1));
        }

        var before = _pace.Next("launch", TimeSpan.Zero);
        _pace.Learn("launch", TimeSpan.FromHours(11), null);

        _pace.Next("launch", TimeSpan.Zero).Should().Be(before, "it ended at any time in those hours");
    }

    [Fact]
    public void Next_NothingIsCalm_LooksAtEveryTick()
    {
        var pace = new Pace(Seconds(4), Seconds(4));
        pace.Learn("launch", Seconds(300), Seconds(296));

        pace.Next("launch", TimeSpan.Zero).Should().Be(Seconds(4));
    }

    [Fact]
    public void Learn_SameDurationAgainAndAgain_NeedsHardlyMoreThanOneLook()
    {
        var looks = Enumerable.Range(0, 50).Select(_ => LooksFor("step", Seconds(61))).ToList();

        looks.Skip(5).Average().Should().BeLessThan(2.5);
        looks.Skip(5).Max().Should().BeLessThanOrEqualTo(4);
    }

    [Fact]
    public void Learn_DurationGrows_IsFollowed()
    {
        _pace.Learn("step", Seconds(20), Seconds(15));

        LooksFor("step", Seconds(600));

        _pace.First("step", Seconds(560)).Should().BeCloseTo(Seconds(40), Seconds(15), "it is due after about ten minutes");
        _pace.Next("step", TimeSpan.Zero).Should().Be(Seconds(60), "a step that fails early is noticed within the calm");
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(3, 20)]
    [InlineData(500, 60)]
    public void Rest_OneTickForEachCall_UpToTheCalm(int furtherCalls, double rest) => _pace.Rest(furtherCalls).Should().Be(Seconds(rest));

    [Theory]
    [InlineData(0, 60)]
    [InlineData(2, 90)]
    [InlineData(100, 120)]
    public void Next_WhereALookTakesManyCalls_IsUpToTwiceTheCalm(int furtherCalls, double pause) =>
        _pace.Next("anything", TimeSpan.FromHours(2), furtherCalls).Should().Be(Seconds(pause));

    // Waits for something that takes so long, as a watcher would.
    private int LooksFor(string name, TimeSpan takes)
    {
        TimeSpan? notYet = null;
        var at = _pace.Next(name, TimeSpan.Zero);
        for (var looks = 1; ; looks++)
        {
            if (at >= takes)
            {
                _pace.Learn(name, at, notYet);
                return looks;
            }

            notYet = at;
            at += _pace.Next(name, at);
        }
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
