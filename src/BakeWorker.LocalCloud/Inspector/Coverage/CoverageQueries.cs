using System.Text.Json.Nodes;
using BakeWorker.LocalCloud.Inspector.Findings;
using BakeWorker.LocalCloud.Protocols;
using BakeWorker.LocalCloud.Ssm.Agents;

namespace BakeWorker.LocalCloud.Inspector.Coverage;

/// <summary>ListCoverage: a PACKAGE and a NETWORK row for every instance.</summary>
internal sealed class CoverageQueries(LocalCloudAccount account, InstanceScans scans, AgentRoster agents, InspectorBehavior behavior)
{
    private static readonly TimeSpan NetworkScan = TimeSpan.FromSeconds(60);

    public JsonObject List(Call call, JsonObject input)
    {
        var size = JsonRule.Range("maxResults", input.Long("maxResults"), 1, 200) ?? 100;
        var criteria = new FilterCriteria(input.Object("filterCriteria"));
        var rows = scans
            .List(call.Region)
            .SelectMany(scan => new[] { PackageRow(scan), NetworkRow(scan) })
            .Where(row => criteria.Matches(field => Read(row, field)))
            .ToList();
        return JsonPage.Of(
            rows,
            "coveredResources",
            Render,
            size,
            ("nextToken", input.String("nextToken")),
            () => FilterCriteria.Invalid("The nextToken is not valid.")
        );
    }

    private Row PackageRow(InstanceScan scan)
    {
        var since = agents.OnlineSince(scan.Machine);
        var reason =
            Unscannable(scan)
            ?? (behavior.InstanceScanFailure is { } failure && since is not null ? failure : null)
            ?? (scan.IsUnsupported ? "UNSUPPORTED_OS" : null)
            ?? (scan.ScannedAt is not null ? behavior.PartialScan ?? "SUCCESSFUL" : null)
            ?? (since is null ? "UNMANAGED_EC2_INSTANCE" : null)
            ?? (account.Clock.Now - since < scans.Scaled(InstanceScans.Inventory) ? "NO_INVENTORY" : "PENDING_INITIAL_SCAN");
        return new Row(scan, "PACKAGE", reason, scan.ScannedAt);
    }

    private Row NetworkRow(InstanceScan scan)
    {
        var due = scan.Machine.LaunchedAt + scans.Scaled(NetworkScan);
        var isDone = due <= account.Clock.Now && !behavior.NeverFinishes;
        return new Row(scan, "NETWORK", Unscannable(scan) ?? (isDone ? "SUCCESSFUL" : "PENDING_INITIAL_SCAN"), isDone ? due : null);
    }

    private static string? Unscannable(InstanceScan scan) =>
        scan.GoneAt is not null ? "RESOURCE_TERMINATED"
        : InstanceScans.IsExcluded(scan) ? "EXCLUDED_BY_TAG"
        : !scan.Machine.IsRunning ? "EC2_INSTANCE_STOPPED"
        : null;

    private object? Read(Row row, string field) =>
        field switch
        {
            "accountId" => account.Options.AccountId,
            "resourceId" => row.Scan.Machine.InstanceId,
            "resourceType" => "AWS_EC2_INSTANCE",
            "scanType" => row.ScanType,
            "scanMode" => "EC2_SSM_AGENT_BASED",
            "scanStatusCode" => row.StatusCode,
            "scanStatusReason" => row.Reason,
            "ec2InstanceTags" => row.Scan.Machine.Tags,
            "lastScannedAt" => row.ScannedAt ?? DateTimeOffset.UnixEpoch,
            _ => null,
        };

    private JsonNode Render(Row row)
    {
        var machine = row.Scan.Machine;
        var answer = new JsonObject
        {
            ["accountId"] = account.Options.AccountId,
            ["resourceId"] = machine.InstanceId,
            ["resourceType"] = "AWS_EC2_INSTANCE",
            ["scanType"] = row.ScanType,
            ["scanMode"] = "EC2_SSM_AGENT_BASED",
            ["scanStatus"] = new JsonObject { ["statusCode"] = row.StatusCode, ["reason"] = row.Reason },
            ["resourceMetadata"] = new JsonObject
            {
                ["ec2"] = new JsonObject
                {
                    ["amiId"] = machine.ImageId,
                    ["platform"] = machine.IsWindows ? "WINDOWS" : "LINUX",
                    ["tags"] = new JsonObject(machine.Tags.Select(tag => KeyValuePair.Create(tag.Key, (JsonNode?)tag.Value))),
                },
            },
        };
        if (row.ScannedAt is { } scanned)
        {
            answer["lastScannedAt"] = scanned.ToEpochSeconds();
        }

        return answer;
    }

    private sealed record Row(InstanceScan Scan, string ScanType, string Reason, DateTimeOffset? ScannedAt)
    {
        public string StatusCode =>
            Reason is "SUCCESSFUL" or "PENDING_INITIAL_SCAN" || Reason.StartsWith("DEEP_INSPECTION_", StringComparison.Ordinal)
                ? "ACTIVE"
                : "INACTIVE";
    }
}
