using System.Runtime.CompilerServices;
using BakeWorker.Core.Cloud;

namespace BakeWorker.Checks;

/// <summary>Subnets and security groups: builders reach SSM and packages, boot tests reach SSM alone, and nobody reaches either.</summary>
internal sealed class NetworkExam(INetworks networks)
{
    // What an SSM agent needs; only old ones talk to ec2messages, too.
    private static readonly string[] OfSsm = ["ssm", "ssmmessages"];

    public IAsyncEnumerable<Check> BuildersAsync(string setting, IList<string> subnets, CancellationToken ct) =>
        SubnetsAsync(setting, subnets, JudgeBuilder, ct);

    public IAsyncEnumerable<Check> SandboxAsync(string setting, IList<string> subnets, CancellationToken ct) =>
        SubnetsAsync(setting, subnets, JudgeSandbox, ct);

    /// <summary>Security groups of instances in these subnets.</summary>
    public async IAsyncEnumerable<Check> GroupsAsync(
        string setting,
        IList<string> groups,
        IList<string> subnets,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        var seen = await networks.ReadGroupsAsync([.. groups], ct);
        var places = (await networks.ReadSubnetsAsync([.. subnets], ct)).Values.Select(subnet => subnet.Network).ToHashSet();
        foreach (var id in groups)
        {
            yield return seen.TryGetValue(id, out var group)
                ? Judge(setting, group, places)
                : Check.Fault(setting, $"there is no security group {id} in this Region", $"create it, or name another in {setting}");
        }
    }

    private async IAsyncEnumerable<Check> SubnetsAsync(
        string setting,
        IList<string> subnets,
        Func<string, SubnetView, IReadOnlyList<string>, Check> judge,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        var seen = await networks.ReadSubnetsAsync([.. subnets], ct);
        foreach (var id in subnets)
        {
            if (!seen.TryGetValue(id, out var subnet))
            {
                yield return Check.Fault(setting, $"there is no subnet {id} in this Region", $"create it, or name another in {setting}");
            }
            else if (subnet.FreeAddresses == 0)
            {
                yield return Check.Fault(
                    setting,
                    $"{id} has no free address",
                    $"end what nobody needs there, or add a subnet to {setting}"
                );
            }
            else
            {
                var endpoints = await networks.ListEndpointsAsync(subnet.Network, ct);
                yield return judge(setting, subnet, [.. OfSsm.Where(service => !endpoints.Contains(service))]);
            }
        }
    }

    private static Check JudgeBuilder(string setting, SubnetView subnet, IReadOnlyList<string> lacking) =>
        subnet.WayOut switch
        {
            WayOut.Nat => Check.Ok(setting, $"{subnet.Id} leads out by NAT; {Free(subnet)}"),
            WayOut.InternetGateway when subnet.GivesPublicAddresses => Check.Ok(
                setting,
                $"{subnet.Id} leads to the internet; {Free(subnet)}"
            ),
            WayOut.Other when lacking.Count > 0 => Check.Unknown(
                setting,
                $"{subnet.Id} leads out by something that cannot be looked through from here",
                "see that it lets HTTPS through to SSM and to where the recipes' packages come from"
            ),
            _ when lacking.Count == 0 => Check.Ok(
                setting,
                $"{subnet.Id} reaches SSM by endpoints, and packages must not come from the internet; {Free(subnet)}"
            ),
            WayOut.InternetGateway => Check.Fault(
                setting,
                $"{subnet.Id} leads to an internet gateway but gives no public addresses, so no agent there would reach SSM",
                "lead its route table to a NAT gateway, or let it give public addresses"
            ),
            _ => Check.Fault(
                setting,
                $"{subnet.Id} leads nowhere, and its network has no endpoint for {string.Join(" and ", lacking)}: no agent would reach SSM",
                "lead its route table to a NAT gateway, or make interface endpoints with private DNS"
            ),
        };

    private static Check JudgeSandbox(string setting, SubnetView subnet, IReadOnlyList<string> lacking) =>
        subnet.WayOut != WayOut.None
            ? Check.Fault(
                setting,
                $"{subnet.Id} leads out of its network: what an image under test does there reaches others",
                "associate it with a route table that has no such route"
            )
        : lacking.Count > 0
            ? Check.Fault(
                setting,
                $"the network of {subnet.Id} has no endpoint for {string.Join(" and ", lacking)}: no agent would reach SSM",
                "make interface endpoints with private DNS for them, and let their group take HTTPS from inside"
            )
        : Check.Ok(setting, $"{subnet.Id} reaches SSM and nothing else; {Free(subnet)}");

    private static Check Judge(string setting, SecurityGroupView group, HashSet<string> places) =>
        group.Doors.Count > 0
            ? Check.Fault(setting, $"{group.Id} lets in {string.Join("; ", group.Doors)}", "remove its inbound rules: bakes need none")
        : places.Count > 0 && !places.Contains(group.Network)
            ? Check.Fault(setting, $"{group.Id} is of another network than its subnets", $"name one of their network in {setting}")
        : Check.Ok(setting, $"{group.Id} lets nobody in");

    private static string Free(SubnetView subnet) => $"{subnet.FreeAddresses} free addresses";
}
