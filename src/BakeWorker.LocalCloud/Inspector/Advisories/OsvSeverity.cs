using System.Text.Json.Nodes;

namespace BakeWorker.LocalCloud.Inspector.Advisories;

/// <summary>Inspector's severity of an OSV entry: the vendor's word where there is one, else what its CVSS score means.</summary>
internal static class OsvSeverity
{
    private static readonly string[] WordNames = ["severity", "urgency"];

    public static (string Severity, double Score, string Vector) Read(JsonObject entry)
    {
        var ratings = OsvEntry
            .Objects(entry, "severity")
            .Concat(OsvEntry.Objects(entry, "affected").SelectMany(item => OsvEntry.Objects(item, "severity")));
        var (vector, score, spoken) = ("", 0.0, Words(entry).Select(FromWord).FirstOrDefault(word => word is not null));
        foreach (var rating in ratings)
        {
            var (type, text) = (OsvEntry.Text(rating, "type"), OsvEntry.Text(rating, "score") ?? "");
            if (type == "CVSS_V3" && CvssV3.BaseScore(text) is { } points)
            {
                (vector, score) = (text, points);
            }
            else if (type is not ("CVSS_V2" or "CVSS_V3" or "CVSS_V4"))
            {
                spoken ??= FromWord(text);
            }
        }

        return (spoken ?? (vector.Length > 0 ? FromScore(score) : "UNTRIAGED"), score, vector);
    }

    private static IEnumerable<string> Words(JsonObject entry)
    {
        var places = OsvEntry
            .Objects(entry, "affected")
            .SelectMany(item => new[] { item["ecosystem_specific"], item["database_specific"] })
            .Append(entry["database_specific"])
            .OfType<JsonObject>();
        return from place in places
            from name in WordNames
            where place[name] is JsonValue value && value.TryGetValue<string>(out _)
            select place[name]!.GetValue<string>();
    }

    private static string? FromWord(string word) =>
        word.ToUpperInvariant() switch
        {
            "CRITICAL" => "CRITICAL",
            "HIGH" or "IMPORTANT" => "HIGH",
            "MEDIUM" or "MODERATE" => "MEDIUM",
            "LOW" => "LOW",
            "INFORMATIONAL" or "NEGLIGIBLE" or "UNIMPORTANT" => "INFORMATIONAL",
            _ => null,
        };

    private static string FromScore(double score) =>
        score switch
        {
            >= 9 => "CRITICAL",
            >= 7 => "HIGH",
            >= 4 => "MEDIUM",
            > 0 => "LOW",
            _ => "INFORMATIONAL",
        };
}
