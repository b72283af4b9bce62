using System.Globalization;
using System.Text.Json.Nodes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Policies;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Proofs;

/// <summary>in-toto vulns v0.2: what the scan found, what was made of it, and which waivers were used.</summary>
internal static class ScanSummary
{
    private const string Inspector = "https://aws.amazon.com/inspector/";
    private const string Nobody = "urn:bakeworker:scan:none";

    public static JsonObject Of(ProvenFacts facts)
    {
        var stage = facts.Stages.LastOrDefault(stage => stage.Name == "scan-image");
        var end = stage is null ? facts.ProvenAt : stage.StartedAt + TimeSpan.FromSeconds(stage.Seconds);
        return new JsonObject
        {
            ["scanner"] = new JsonObject
            {
                ["uri"] = facts.Evidence.Scan.Source == ScanSource.None ? Nobody : Inspector,
                // Inspector does not say of when its data are; it looks at them while it scans.
                ["db"] = new JsonObject { ["lastUpdate"] = ProofJson.Time(end) },
                ["result"] = ProofJson.List(Findings(facts)),
            },
            ["metadata"] = new JsonObject
            {
                ["scanStartedOn"] = ProofJson.Time(stage?.StartedAt ?? end),
                ["scanFinishedOn"] = ProofJson.Time(end),
            },
        };
    }

    /// <summary>What an update would have mended when the image was judged, by vulnerability and package; null when this is no such document.</summary>
    public static IReadOnlySet<(string Vulnerability, string? Package)>? ReadFixable(byte[] content)
    {
        try
        {
            return JsonNode.Parse(content)?["predicate"]?["scanner"]?["result"] is JsonArray result
                ? result
                    .OfType<JsonObject>()
                    .SelectMany(one =>
                        (one["annotations"] as JsonArray ?? []).OfType<JsonObject>().Select(note => (Finding: one, Note: note))
                    )
                    .Where(one => (bool?)one.Note["fixable"] == true)
                    .Select(one => ((string?)one.Finding["id"] ?? "", (string?)one.Note["package"]))
                    .ToHashSet()
                : null;
        }
        catch (Exception exception) when (ProofJson.IsOfText(exception))
        {
            return null;
        }
    }

    /// <summary>What was found, by vulnerability and package, with its severity in lower case; null when this is no such document.</summary>
    public static IReadOnlyDictionary<string, string>? ReadFindings(byte[] content)
    {
        try
        {
            return JsonNode.Parse(content)?["predicate"]?["scanner"]?["result"] is JsonArray result
                ? result.OfType<JsonObject>().GroupBy(NameOf).ToDictionary(same => same.Key, same => SeverityOf(same.First()))
                : null;
        }
        catch (Exception exception) when (ProofJson.IsOfText(exception))
        {
            return null;
        }
    }

    private static string NameOf(JsonObject finding) =>
        $"{(string?)finding["id"]} {(string?)(finding["annotations"] as JsonArray)?[0]?["package"]}".TrimEnd();

    private static string SeverityOf(JsonObject finding) =>
        ((string?)(finding["severity"] as JsonArray)?[0]?["score"] ?? "").ToLowerInvariant();

    private static IEnumerable<JsonObject> Findings(ProvenFacts facts)
    {
        var waived = facts.Judgement.Waived.ToHashSet();
        return facts
            .Judgement.All.OrderBy(finding => finding.VulnerabilityId, StringComparer.Ordinal)
            .ThenBy(finding => finding.Package, StringComparer.Ordinal)
            .Select(finding => Finding(finding, waived.Contains(finding), facts.Judgement.UsedWaivers));
    }

    private static JsonObject Finding(Finding finding, bool isWaived, IReadOnlyList<Waiver> waivers)
    {
        var note = new JsonObject { ["verdict"] = isWaived ? "waived" : "tolerated" };
        Put(note, "package", finding.Package);
        Put(note, "version", finding.InstalledVersion);
        Put(note, "fixedVersion", finding.FixedVersion);
        if (finding.IsFixable)
        {
            note["fixable"] = true;
        }

        if (isWaived && waivers.FirstOrDefault(waiver => FindingPolicy.Covers(waiver, finding)) is { } waiver)
        {
            note["waiver"] = new JsonObject
            {
                ["reason"] = waiver.Reason,
                ["approvedBy"] = waiver.ApprovedBy,
                ["expires"] = waiver.Expires.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            };
        }

        return new JsonObject
        {
            ["id"] = finding.VulnerabilityId,
            ["severity"] = ProofJson.List(Severities(finding)),
            ["annotations"] = new JsonArray(note),
        };
    }

    private static IEnumerable<JsonObject> Severities(Finding finding)
    {
        yield return Severity("inspector", finding.Severity.ToString().ToUpperInvariant());
        if (finding.Score is { } score)
        {
            yield return Severity("inspector-score", score.ToString("0.0", CultureInfo.InvariantCulture));
        }
    }

    private static JsonObject Severity(string method, string score) => new() { ["method"] = method, ["score"] = score };

    private static void Put(JsonObject target, string name, string? value)
    {
        if (value is not null)
        {
            target[name] = value;
        }
    }
}
