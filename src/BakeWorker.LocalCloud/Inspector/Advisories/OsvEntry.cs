using System.Globalization;
using System.Text.Json.Nodes;

namespace BakeWorker.LocalCloud.Inspector.Advisories;

/// <summary>Turns one OSV entry into advisories: one for every CVE it is about.</summary>
internal static class OsvEntry
{
    public static IEnumerable<Advisory> Read(JsonObject entry)
    {
        var id = Text(entry, "id") ?? throw new FormatException("an entry has no id");
        var affected = Objects(entry, "affected").SelectMany(ReadAffected).ToList();
        var (severity, score, vector) = OsvSeverity.Read(entry);
        var cves = Texts(entry, "aliases")
            .Concat(Texts(entry, "upstream"))
            .Append(id)
            .Where(name => name.StartsWith("CVE-", StringComparison.Ordinal))
            .Distinct(StringComparer.Ordinal)
            .ToList();
        var published = DateTimeOffset.TryParse(
            Text(entry, "published"),
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var moment
        )
            ? moment
            : (DateTimeOffset?)null;
        return (cves.Count > 0 ? cves : [id]).Select(name => new Advisory(name, Summary(entry, name), severity, score)
        {
            Vector = vector,
            SourceUrl = Objects(entry, "references").Select(item => Text(item, "url")).FirstOrDefault(url => url is not null) ?? "",
            PublishedAt = published,
            Affected = affected,
        });
    }

    private static IEnumerable<AffectedPackage> ReadAffected(JsonObject affected)
    {
        if (
            affected["package"] is not JsonObject package
            || Text(package, "ecosystem") is not { } ecosystem
            || Text(package, "name") is not { } name
        )
        {
            return [];
        }

        var ranges = Objects(affected, "ranges").Where(range => Text(range, "type") == "ECOSYSTEM").SelectMany(ReadRange).ToList();
        return [new AffectedPackage(ecosystem, name) { Ranges = ranges, Versions = Texts(affected, "versions") }];
    }

    /// <summary>Events alternate between introduced and fixed or last_affected; an introduction without an end is still open.</summary>
    private static IEnumerable<VersionRange> ReadRange(JsonObject range)
    {
        string? introduced = null;
        foreach (var item in Objects(range, "events"))
        {
            if (Text(item, "introduced") is { } start)
            {
                introduced = start;
            }
            else if (introduced is not null && (Text(item, "fixed") ?? Text(item, "last_affected")) is not null)
            {
                yield return new VersionRange(introduced, Text(item, "fixed"), Text(item, "last_affected"));
                introduced = null;
            }
        }

        if (introduced is not null)
        {
            yield return new VersionRange(introduced, null, null);
        }
    }

    private static string Summary(JsonObject entry, string id) =>
        Text(entry, "summary") is { Length: > 0 } summary ? summary
        : Text(entry, "details") is { Length: > 0 } details ? details[..Math.Min(details.Length, 1000)]
        : id;

    public static string? Text(JsonObject item, string name) => item[name]?.GetValue<string>();

    public static IEnumerable<JsonObject> Objects(JsonObject item, string name) => (item[name] as JsonArray ?? []).OfType<JsonObject>();

    private static List<string> Texts(JsonObject item, string name) =>
        (item[name] as JsonArray ?? []).OfType<JsonValue>().Select(value => value.GetValue<string>()).ToList();
}
