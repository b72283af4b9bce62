using System.Text.RegularExpressions;

namespace BakeWorker.LocalCloud.Guests.Host;

/// <summary>One suite of one package archive, as apt's source lists name it.</summary>
internal sealed partial record AptSource(string Uri, string Suite, string Components)
{
    public string SignedBy { get; init; } = "";
    public bool IsTrusted { get; init; }

    /// <summary>The entry in apt's one-line format.</summary>
    public string Line
    {
        get
        {
            var options = new[] { SignedBy.Length > 0 ? $"signed-by={SignedBy}" : "", IsTrusted ? "trusted=yes" : "" };
            var given = string.Join(' ', options.Where(option => option.Length > 0));
            return $"deb {(given.Length > 0 ? $"[{given}] " : "")}{Uri} {Suite} {Components}";
        }
    }

    /// <summary>The binary archives that a source list names; the file's name says which of the two formats it has.</summary>
    public static IEnumerable<AptSource> Parse(string fileName, string text) =>
        fileName.EndsWith(".sources", StringComparison.Ordinal) ? ParseStanzas(text) : ParseLines(text);

    private static IEnumerable<AptSource> ParseLines(string text)
    {
        foreach (var line in text.Split('\n'))
        {
            if (OneLine().Match(line) is not { Success: true } match)
            {
                continue;
            }

            var options = match.Groups["options"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            string Option(string name) => Array.Find(options, option => option.StartsWith(name + "="))?[(name.Length + 1)..] ?? "";
            yield return new(match.Groups["uri"].Value, match.Groups["suite"].Value, match.Groups["components"].Value.Trim())
            {
                SignedBy = Option("signed-by"),
                IsTrusted = Option("trusted") == "yes",
            };
        }
    }

    private static IEnumerable<AptSource> ParseStanzas(string text)
    {
        foreach (var stanza in text.Replace("\r", "").Split("\n\n"))
        {
            var fields = Fields(stanza);
            string[] Words(string name) => fields.GetValueOrDefault(name, "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (!Words("types").Contains("deb") || fields.GetValueOrDefault("enabled") == "no")
            {
                continue;
            }

            foreach (var (uri, suite) in Words("uris").SelectMany(uri => Words("suites").Select(suite => (uri, suite))))
            {
                // A key may stand in the field itself; only a path to one can be handed on in a line.
                var signedBy = fields.GetValueOrDefault("signed-by", "");
                yield return new(uri, suite, string.Join(' ', Words("components")))
                {
                    SignedBy = signedBy.StartsWith('/') ? signedBy : "",
                    IsTrusted = fields.GetValueOrDefault("trusted") == "yes",
                };
            }
        }
    }

    private static Dictionary<string, string> Fields(string stanza)
    {
        var fields = new Dictionary<string, string>();
        var last = "";
        foreach (var line in stanza.Split('\n').Where(line => !line.StartsWith('#')))
        {
            var colon = line.IndexOf(':');
            if (line.StartsWith(' ') && last.Length > 0)
            {
                fields[last] += " " + line.Trim();
            }
            else if (colon > 0)
            {
                last = line[..colon].ToLowerInvariant();
                fields[last] = line[(colon + 1)..].Trim();
            }
        }

        return fields;
    }

    [GeneratedRegex(
        @"^\s*deb\s+(\[(?<options>[^\]]*)\]\s+)?(?<uri>\S+)\s+(?<suite>\S+)\s+(?<components>[^#]+)",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex OneLine();
}
