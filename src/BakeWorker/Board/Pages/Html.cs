using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace BakeWorker.Board.Pages;

/// <summary>
/// Markup. It comes into being only through <see cref="Of"/>, where every value that is put in is escaped unless it is markup itself: so no text
/// that somebody else wrote can become part of a page's structure.
/// </summary>
internal readonly struct Html
{
    public static readonly Html None;
    private readonly string? _text;

    private Html(string text) => _text = text;

    public static Html Of(Builder markup) => new(markup.ToString());

    public static Html Join(IEnumerable<Html> parts) => new(string.Concat(parts));

    public override string ToString() => _text ?? "";

    /// <summary>Puts the parts of an interpolated string together.</summary>
    [InterpolatedStringHandler]
    public readonly struct Builder(int literalLength, int formattedCount)
    {
        private readonly StringBuilder _text = new(literalLength + (formattedCount * 16));

        public void AppendLiteral(string value) => _text.Append(value);

        public void AppendFormatted(Html value) => _text.Append(value);

        public void AppendFormatted(IEnumerable<Html> values) => _text.AppendJoin(null, values);

        public void AppendFormatted(string? value) => _text.Append(WebUtility.HtmlEncode(value));

        public void AppendFormatted(int value) => _text.Append(value.ToString(CultureInfo.InvariantCulture));

        public void AppendFormatted(double value) => _text.Append(value.ToString("0.##", CultureInfo.InvariantCulture));

        public override string ToString() => _text.ToString();
    }
}
