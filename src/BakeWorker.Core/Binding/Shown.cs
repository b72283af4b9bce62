using System.Text;

namespace BakeWorker.Core.Binding;

/// <summary>How messages quote what somebody else wrote: short, on one line, without control characters.</summary>
internal static class Shown
{
    private const int Longest = 60;

    public static string Value(string text)
    {
        var shown = new StringBuilder("'");
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, Longest)))
        {
            _ = c switch
            {
                '\n' => shown.Append("\\n"),
                '\r' => shown.Append("\\r"),
                '\t' => shown.Append("\\t"),
                _ when char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029' => shown.Append($"\\u{(int)c:x4}"),
                _ => shown.Append(c),
            };
        }

        return shown.Append(text.Length > Longest ? "…'" : "'").ToString();
    }

    /// <summary>A key as part of a path: bare when that is readable.</summary>
    public static string Key(string key) =>
        key.Length is > 0 and <= 64 && !key.Any(c => char.IsControl(c) || char.IsSurrogate(c)) ? key : Value(key);

    /// <summary>A path of this machine, with forward slashes everywhere.</summary>
    public static string Path(string path) => path.Replace('\\', '/');

    public static string Node(Node node) =>
        node switch
        {
            ListNode => "a list",
            MapNode => "a map of keys",
            ScalarNode { Kind: ScalarKind.Null } => "empty",
            ScalarNode scalar => Value(scalar.Text),
            _ => "something else",
        };
}
