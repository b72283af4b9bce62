using System.Text.Json.Nodes;
using BakeWorker.LocalCloud.Inspector.Coverage;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Inspector.Findings;

/// <summary>ListFindings: what instance scans found. Findings of image scans are not here, as on AWS.</summary>
internal sealed class FindingQueries(LocalCloudAccount account, InstanceScans scans, InspectorBehavior behavior)
{
    private static readonly string[] Severities = ["UNTRIAGED", "INFORMATIONAL", "LOW", "MEDIUM", "HIGH", "CRITICAL"];

    public JsonObject List(Call call, JsonObject input)
    {
        var size = JsonRule.Range("maxResults", input.Long("maxResults"), 1, 100) ?? 25;
        var criteria = new FilterCriteria(input.Object("filterCriteria"));
        var rows = scans
            .List(call.Region)
            .SelectMany(scan => scan.Findings.Values.Select(finding => (Scan: scan, Finding: finding)))
            .Where(row => criteria.Matches(field => Read(row.Scan, row.Finding, field)));
        return JsonPage.Of(
            Sort(rows, input.Object("sortCriteria")),
            "findings",
            row => FindingRendering.Render(account, behavior, row.Scan, row.Finding),
            size,
            ("nextToken", input.String("nextToken")),
            () => FilterCriteria.Invalid("The nextToken is not valid.")
        );
    }

    private static List<(InstanceScan Scan, Finding Finding)> Sort(IEnumerable<(InstanceScan Scan, Finding Finding)> rows, JsonObject? sort)
    {
        if (sort is null)
        {
            return rows.ToList();
        }

        JsonRule.OneOf("sortOrder", sort.Required("sortOrder"), "ASC", "DESC");
        var field = sort.Required("field");
        IComparable Key((InstanceScan Scan, Finding Finding) row) =>
            field switch
            {
                "SEVERITY" => Array.IndexOf(Severities, row.Finding.Advisory.Severity),
                "FIRST_OBSERVED_AT" => row.Finding.FirstObservedAt,
                "LAST_OBSERVED_AT" => row.Finding.LastObservedAt,
                "FINDING_STATUS" => row.Finding.Status,
                "VULNERABILITY_ID" => row.Finding.Advisory.Id,
                "INSPECTOR_SCORE" => row.Finding.Advisory.Score,
                "AWS_ACCOUNT_ID" or "FINDING_TYPE" or "RESOURCE_TYPE" or "VENDOR_SEVERITY" or "VULNERABILITY_SOURCE" or "EPSS_SCORE" => 0,
                _ => throw FilterCriteria.Invalid($"{field} is not a field to sort by."),
            };
        return (sort.String("sortOrder") == "DESC" ? rows.OrderByDescending(Key) : rows.OrderBy(Key)).ToList();
    }

    private object? Read(InstanceScan scan, Finding finding, string field) =>
        field switch
        {
            "findingArn" => finding.Arn,
            "awsAccountId" => account.Options.AccountId,
            "findingType" => "PACKAGE_VULNERABILITY",
            "severity" => finding.Advisory.Severity,
            "findingStatus" => behavior.StatusOf(finding),
            "title" => finding.Title,
            "resourceType" => "AWS_EC2_INSTANCE",
            "resourceId" => scan.Machine.InstanceId,
            "resourceTags" => scan.Machine.Tags,
            "ec2InstanceImageId" => scan.Machine.ImageId,
            "ec2InstanceVpcId" or "ec2InstanceSubnetId" or "relatedVulnerabilities" => Array.Empty<string>(),
            "vulnerabilityId" => finding.Advisory.Id,
            "vulnerabilitySource" => FindingRendering.Source(scan),
            "vendorSeverity" => finding.Advisory.Severity,
            "fixAvailable" => finding.FixAvailable,
            "exploitAvailable" => behavior.ExploitOf(finding),
            "inspectorScore" => finding.Advisory.Score,
            "epssScore" => behavior.EpssOf(finding) ?? 0.0,
            "firstObservedAt" => finding.FirstObservedAt,
            "lastObservedAt" => finding.LastObservedAt,
            "updatedAt" => finding.UpdatedAt,
            _ => null,
        };
}
