using System.Text.Json.Nodes;
using BakeWorker.LocalCloud.Inspector.Advisories;
using BakeWorker.LocalCloud.Inspector.Coverage;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Inspector.Findings;

/// <summary>A finding as ListFindings shows it.</summary>
internal static class FindingRendering
{
    public static JsonObject Render(LocalCloudAccount account, InspectorBehavior behavior, InstanceScan scan, Finding finding)
    {
        var advisory = finding.Advisory;
        var answer = new JsonObject
        {
            ["findingArn"] = finding.Arn,
            ["awsAccountId"] = account.Options.AccountId,
            ["type"] = "PACKAGE_VULNERABILITY",
            ["title"] = finding.Title,
            ["description"] = advisory.Summary,
            ["severity"] = advisory.Severity,
            ["status"] = behavior.StatusOf(finding),
            ["firstObservedAt"] = finding.FirstObservedAt.ToEpochSeconds(),
            ["lastObservedAt"] = finding.LastObservedAt.ToEpochSeconds(),
            ["updatedAt"] = finding.UpdatedAt.ToEpochSeconds(),
            ["fixAvailable"] = finding.FixAvailable,
            ["exploitAvailable"] = behavior.ExploitOf(finding),
            ["remediation"] = new JsonObject { ["recommendation"] = new JsonObject { ["text"] = "None Provided" } },
            ["packageVulnerabilityDetails"] = Details(scan, finding),
            ["resources"] = new JsonArray(Resource(scan)),
        };
        if (advisory.Score > 0)
        {
            answer["inspectorScore"] = advisory.Score;
        }

        if (behavior.EpssOf(finding) is { } epss)
        {
            answer["epss"] = new JsonObject { ["score"] = epss };
        }

        return answer;
    }

    /// <summary>Whose word it is, as Inspector spells it, such as <c>DEBIAN_CVE</c>.</summary>
    public static string Source(InstanceScan scan) => $"{scan.Ecosystem.Split(':')[0].Replace(' ', '_').ToUpperInvariant()}_CVE";

    private static JsonObject Details(InstanceScan scan, Finding finding)
    {
        var advisory = finding.Advisory;
        var answer = new JsonObject
        {
            ["vulnerabilityId"] = advisory.Id,
            ["source"] = Source(scan),
            ["sourceUrl"] = advisory.SourceUrl,
            ["vendorSeverity"] = advisory.Severity,
            ["relatedVulnerabilities"] = new JsonArray(),
            ["referenceUrls"] = new JsonArray(advisory.SourceUrl),
            ["cvss"] = new JsonArray(),
            ["vulnerablePackages"] = new JsonArray(finding.Packages.Select(JsonNode (vulnerable) => Package(vulnerable)).ToArray()),
        };
        if (advisory.Vector.Length > 0)
        {
            answer["cvss"] = new JsonArray(
                new JsonObject
                {
                    ["baseScore"] = advisory.Score,
                    ["scoringVector"] = advisory.Vector,
                    ["version"] = "3.1",
                    ["source"] = Source(scan),
                }
            );
        }

        if (advisory.PublishedAt is { } published)
        {
            answer["vendorCreatedAt"] = published.ToEpochSeconds();
        }

        return answer;
    }

    /// <summary>Inspector shows epoch, version and release apart.</summary>
    private static JsonObject Package(VulnerablePackage vulnerable)
    {
        var (package, full) = (vulnerable.Package, vulnerable.Package.Version);
        var colon = full.IndexOf(':', StringComparison.Ordinal);
        var rest = full[(colon + 1)..];
        var dash = rest.LastIndexOf('-');
        var answer = new JsonObject
        {
            ["name"] = package.Name,
            ["version"] = dash < 0 ? rest : rest[..dash],
            ["epoch"] = colon > 0 && int.TryParse(full.AsSpan(0, colon), out var epoch) ? epoch : 0,
            ["arch"] = package.Architecture.ToUpperInvariant(),
            ["packageManager"] = "OS",
            ["fixedInVersion"] = vulnerable.FixedIn ?? "NotAvailable",
        };
        if (dash >= 0)
        {
            answer["release"] = rest[(dash + 1)..];
        }

        return answer;
    }

    private static JsonObject Resource(InstanceScan scan)
    {
        var machine = scan.Machine;
        return new JsonObject
        {
            ["type"] = "AWS_EC2_INSTANCE",
            ["id"] = machine.InstanceId,
            ["partition"] = "aws",
            ["region"] = machine.Region,
            ["tags"] = new JsonObject(machine.Tags.Select(tag => KeyValuePair.Create(tag.Key, (JsonNode?)tag.Value))),
            ["details"] = new JsonObject
            {
                ["awsEc2Instance"] = new JsonObject
                {
                    ["imageId"] = machine.ImageId,
                    ["launchedAt"] = machine.LaunchedAt.ToEpochSeconds(),
                    ["platform"] = scan.Ecosystem.Replace(':', '_').Replace(' ', '_').ToUpperInvariant(),
                    ["ipV4Addresses"] = new JsonArray(machine.PrivateIp is { } address ? [address] : []),
                    ["ipV6Addresses"] = new JsonArray(),
                },
            },
        };
    }
}
