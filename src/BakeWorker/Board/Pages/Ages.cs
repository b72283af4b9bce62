using System.Globalization;
using BakeWorker.Output;

namespace BakeWorker.Board.Pages;

/// <summary>Times as people say them, with the exact one behind.</summary>
internal static class Ages
{
    public static Html Ago(DateTimeOffset at, DateTimeOffset now) => Time(at, $"{Texts.Age(now - at)} ago");

    public static Html Age(DateTimeOffset at, DateTimeOffset now) => Time(at, Texts.Age(now - at));

    /// <summary>How long something took or takes, such as <c>4:07</c> or <c>1:02:33</c>.</summary>
    public static string Took(TimeSpan span) =>
        span < TimeSpan.Zero ? "0:00"
        : span.TotalHours < 1 ? $"{(int)span.TotalMinutes}:{span.Seconds:00}"
        : $"{(int)span.TotalHours}:{span.Minutes:00}:{span.Seconds:00}";

    private static Html Time(DateTimeOffset at, string words)
    {
        var exact = at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return Html.Of($"""<time datetime="{exact}" title="{exact}">{words}</time>""");
    }
}
