using System.Globalization;
using BakeWorker.Core.Recipes;
using BakeWorker.Core.Scheduling;

namespace BakeWorker.Core.Tests.Scheduling;

public sealed class TicksTests
{
    [Theory]
    [InlineData("2026-11-22 02:59", "2026-11-22 03:00", "2026-11-22 03:00")]
    [InlineData("2026-11-22 03:00", "2026-11-23 02:59", null)]
    [InlineData("2026-11-19 03:00", "2026-11-22 12:00", "2026-11-22 03:00")]
    [InlineData("2026-11-22 03:00", "2026-11-22 03:00", null)]
    [InlineData("2026-11-23 03:00", "2026-11-22 03:00", null)]
    [InlineData("2020-01-01 00:00", "2026-11-22 12:00", "2026-11-22 03:00")]
    public void Latest_OfTicksThatWereMissed_IsTheLastOne(string after, string now, string? expected) =>
        Ticks.Latest(Daily("0 3 * * *", "UTC"), Utc(after), Utc(now)).Should().Be(expected is null ? null : Utc(expected));

    [Theory]
    [InlineData("2027-03-27 12:00", "2027-03-28 12:00", "2027-03-28 01:00")]
    [InlineData("2027-03-28 01:00", "2027-03-28 23:00", null)]
    [InlineData("2027-10-30 12:00", "2027-10-31 12:00", "2027-10-31 00:30")]
    [InlineData("2027-10-31 00:30", "2027-10-31 12:00", null)]
    public void Latest_InAnHourThatIsSkippedOrComesTwice_IsOneTick(string after, string now, string? expected) =>
        Ticks.Latest(Daily("30 2 * * *", "Europe/Berlin"), Utc(after), Utc(now)).Should().Be(expected is null ? null : Utc(expected));

    private static ScheduleSpec Daily(string cron, string zone) => new() { Cron = cron, TimeZone = zone };

    private static DateTimeOffset Utc(string text) =>
        DateTimeOffset.ParseExact(text, "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
