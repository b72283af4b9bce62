using System.Text.Json.Nodes;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Ssm.Agents;

/// <summary>DescribeInstanceInformation.</summary>
internal sealed class AgentQueries(LocalCloudAccount account, AgentRoster roster)
{
    private static readonly string[] Keys =
    [
        "InstanceIds",
        "AgentVersion",
        "PingStatus",
        "PlatformTypes",
        "ActivationIds",
        "IamRole",
        "ResourceType",
        "AssociationStatus",
    ];

    public JsonObject Describe(Call call, JsonObject input)
    {
        var size = JsonRule.Range("MaxResults", input.Long("MaxResults"), 5, 50) ?? 10;
        var filters = input
            .Objects("Filters")
            .Select(filter => (Key: filter.Required("Key"), Values: filter.Strings("Values")))
            .Concat(
                input
                    .Objects("InstanceInformationFilterList")
                    .Select(filter => (Key: filter.Required("key"), Values: filter.Strings("valueSet")))
            )
            .ToList();
        foreach (var (key, values) in filters)
        {
            Check(key, values);
        }

        var agents = roster.List(call.Region).Where(agent => filters.TrueForAll(filter => Matches(agent, filter.Key, filter.Values)));
        return JsonPage.Of(
            agents.ToList(),
            "InstanceInformationList",
            Render,
            size,
            ("NextToken", input.String("NextToken")),
            () => new CloudException("InvalidNextToken", "The specified token isn't valid.")
        );
    }

    private static void Check(string key, IReadOnlyList<string> values)
    {
        if (!Keys.Contains(key, StringComparer.Ordinal) && !key.StartsWith("tag:", StringComparison.Ordinal) && key != "tag-key")
        {
            throw new CloudException("InvalidFilterKey", $"The filter key {key} isn't valid.");
        }

        JsonRule.Count("Values", values, 1, 100);
    }

    private bool Matches(Agent agent, string key, IReadOnlyList<string> values) =>
        key switch
        {
            "InstanceIds" => values.Contains(agent.Machine.InstanceId, StringComparer.Ordinal),
            "AgentVersion" => values.Contains(Agent.Version, StringComparer.Ordinal),
            "PingStatus" => values.Contains(PingStatus(agent), StringComparer.Ordinal),
            "PlatformTypes" => values.Contains(Platform(agent), StringComparer.Ordinal),
            "ResourceType" => values.Contains("EC2Instance", StringComparer.Ordinal),
            "tag-key" => values.Any(agent.Machine.Tags.ContainsKey),
            _ when key.StartsWith("tag:", StringComparison.Ordinal) => agent.Machine.Tags.TryGetValue(key[4..], out var tag)
                && values.Contains(tag, StringComparer.Ordinal),
            // Hybrid activations, association states and instance roles do not exist here: nothing matches.
            _ => false,
        };

    private JsonObject Render(Agent agent)
    {
        AskOnce(agent);
        var (name, version) = PlatformName(agent);
        var answer = new JsonObject
        {
            ["InstanceId"] = agent.Machine.InstanceId,
            ["PingStatus"] = PingStatus(agent),
            ["LastPingDateTime"] = agent.LastPing.ToEpochSeconds(),
            ["AgentVersion"] = Agent.Version,
            ["IsLatestVersion"] = true,
            ["PlatformType"] = Platform(agent),
            ["PlatformName"] = name,
            ["PlatformVersion"] = version,
            ["ResourceType"] = "EC2Instance",
            ["ComputerName"] = ComputerName(agent),
            ["SourceId"] = agent.Machine.InstanceId,
            ["SourceType"] = "AWS::EC2::Instance",
        };
        if (agent.Machine.PrivateIp is { } address)
        {
            answer["IPAddress"] = address;
        }

        return answer;
    }

    private string PingStatus(Agent agent) => roster.IsConnectionLost(agent) ? "ConnectionLost" : "Online";

    private static string Platform(Agent agent) => agent.Machine.IsWindows ? "Windows" : "Linux";

    private static string ComputerName(Agent agent) =>
        agent.Machine.IsWindows ? $"EC2AMAZ-{agent.Machine.InstanceId[^7..].ToUpperInvariant()}"
        : agent.Machine.PrivateIp is { } address ? $"ip-{address.Replace('.', '-')}.{agent.Machine.Region}.compute.internal"
        : agent.Machine.InstanceId;

    private static (string Name, string Version) PlatformName(Agent agent)
    {
        var parts = (agent.Ecosystem ?? "").Split(':', 2);
        var version = parts.Length > 1 ? parts[1] : "";
        return parts[0] switch
        {
            _ when agent.Machine.IsWindows => ("Microsoft Windows Server", version),
            "Debian" => ("Debian GNU/Linux", version),
            "AlmaLinux" => ("AlmaLinux", version),
            "Rocky Linux" or "Rocky" => ("Rocky Linux", version),
            "Red Hat" => ("Red Hat Enterprise Linux", version),
            "" => ("Linux", version),
            var name => (name, version),
        };
    }

    private void AskOnce(Agent agent)
    {
        if (!agent.WasAsked && !agent.Machine.IsWindows)
        {
            agent.WasAsked = true;
            _ = AskAsync(agent);
        }
    }

    private async Task AskAsync(Agent agent)
    {
        try
        {
            var packages = await agent.Machine.Guest.ReadPackagesAsync(CancellationToken.None);
            lock (account.Gate)
            {
                agent.Ecosystem = packages?.Ecosystem;
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The name of the platform is an ornament: a guest that cannot be read stays "Linux".
        }
    }
}
