using System.Text.Json.Nodes;
using BakeWorker.LocalCloud.Inspector.Coverage;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Inspector.Findings;

/// <summary>ListFindingAggregations by image and by instance: counts of active findings of running instances.</summary>
internal sealed class FindingAggregations(LocalCloudAccount account, InstanceScans scans)
{
    public JsonObject List(Call call, JsonObject input)
    {
        var type = input.Required("aggregationType");
        var size = JsonRule.Range("maxResults", input.Long("maxResults"), 1, 100) ?? 25;
        var request = input.Object("aggregationRequest");
        var known = scans.List(call.Region).Where(scan => scan.GoneAt is null && scan.Findings.Values.Any(finding => !finding.IsClosed));
        var rows = type switch
        {
            "AMI" => Images(known, request?.Object("amiAggregation") ?? []),
            "AWS_EC2_INSTANCE" => Instances(known, request?.Object("ec2InstanceAggregation") ?? []),
            _ => throw FilterCriteria.Invalid($"LocalCloud aggregates by AMI and AWS_EC2_INSTANCE, not by {type}."),
        };
        var answer = JsonPage.Of(
            rows,
            "responses",
            row => row,
            size,
            ("nextToken", input.String("nextToken")),
            () => FilterCriteria.Invalid("The nextToken is not valid.")
        );
        answer["aggregationType"] = type;
        return answer;
    }

    private List<JsonNode> Images(IEnumerable<InstanceScan> known, JsonObject request)
    {
        var criteria = new FilterCriteria(Only(request, "amis"));
        var groups = known
            .GroupBy(scan => scan.Machine.ImageId, StringComparer.Ordinal)
            .Where(group => criteria.Matches(field => field == "amis" ? group.Key : null))
            .Select(group => (Scans: group.ToList(), Row: Image(group.Key, group.ToList())));
        return Sort(groups, request).Select(JsonNode (group) => new JsonObject { ["amiAggregation"] = group.Row }).ToList();
    }

    private List<JsonNode> Instances(IEnumerable<InstanceScan> known, JsonObject request)
    {
        var criteria = new FilterCriteria(Only(request, "amis", "instanceIds", "operatingSystems", "instanceTags"));
        var rows = known
            .Where(scan =>
                criteria.Matches(field =>
                    field switch
                    {
                        "amis" => scan.Machine.ImageId,
                        "instanceIds" => scan.Machine.InstanceId,
                        "operatingSystems" => scan.Ecosystem,
                        "instanceTags" => scan.Machine.Tags,
                        _ => null,
                    }
                )
            )
            .Select(scan => (Scans: new List<InstanceScan> { scan }, Row: Instance(scan)));
        return Sort(rows, request).Select(JsonNode (row) => new JsonObject { ["ec2InstanceAggregation"] = row.Row }).ToList();
    }

    private JsonObject Image(string image, List<InstanceScan> running) =>
        new()
        {
            ["ami"] = image,
            ["accountId"] = account.Options.AccountId,
            ["severityCounts"] = Counts(running),
            ["affectedInstances"] = running.Count,
        };

    private JsonObject Instance(InstanceScan scan) =>
        new()
        {
            ["instanceId"] = scan.Machine.InstanceId,
            ["ami"] = scan.Machine.ImageId,
            ["operatingSystem"] = scan.Ecosystem,
            ["accountId"] = account.Options.AccountId,
            ["instanceTags"] = new JsonObject(scan.Machine.Tags.Select(tag => KeyValuePair.Create(tag.Key, (JsonNode?)tag.Value))),
            ["severityCounts"] = Counts([scan]),
            ["networkFindings"] = 0,
        };

    private static IEnumerable<(List<InstanceScan> Scans, JsonObject Row)> Sort(
        IEnumerable<(List<InstanceScan> Scans, JsonObject Row)> rows,
        JsonObject request
    )
    {
        var by =
            JsonRule.OneOf("sortBy", request.String("sortBy"), "CRITICAL", "HIGH", "ALL", "AFFECTED_INSTANCES", "NETWORK_FINDINGS")
            ?? "ALL";
        var order = JsonRule.OneOf("sortOrder", request.String("sortOrder"), "ASC", "DESC");
        int Key((List<InstanceScan> Scans, JsonObject Row) row) => by == "AFFECTED_INSTANCES" ? row.Scans.Count : Count(row.Scans, by);
        return order == "ASC" ? rows.OrderBy(Key) : rows.OrderByDescending(Key);
    }

    private static JsonObject Counts(List<InstanceScan> running) =>
        new()
        {
            ["all"] = Count(running, "ALL"),
            ["critical"] = Count(running, "CRITICAL"),
            ["high"] = Count(running, "HIGH"),
            ["medium"] = Count(running, "MEDIUM"),
        };

    private static int Count(List<InstanceScan> running, string severity) =>
        running.Sum(scan =>
            scan.Findings.Values.Count(finding => !finding.IsClosed && (severity == "ALL" || finding.Advisory.Severity == severity))
        );

    private static JsonObject Only(JsonObject request, params string[] names) =>
        new(
            request
                .Where(member => names.Contains(member.Key, StringComparer.Ordinal))
                .Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone()))
        );
}
