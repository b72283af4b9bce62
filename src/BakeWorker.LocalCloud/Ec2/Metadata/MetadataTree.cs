using System.Globalization;
using System.Text.Json.Nodes;
using BakeWorker.LocalCloud.Ec2.Instances;
using BakeWorker.LocalCloud.Ec2.Networking;

namespace BakeWorker.LocalCloud.Ec2.Metadata;

/// <summary>All that an instance's metadata service knows of it, by path below <c>/latest/</c>. Made under the gate.</summary>
internal static class MetadataTree
{
    public const string UserData = "user-data";

    public static SortedDictionary<string, string> Of(Ec2Region region, Instance instance)
    {
        var tree = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (
            var (path, value) in Basics(instance)
                .Concat(Card(region, instance))
                .Concat(Profile(region, instance))
                .Concat(Key(region, instance))
                .Select(entry => ($"meta-data/{entry.Path}", entry.Value))
                .Append(("dynamic/instance-identity/document", Identity(region, instance)))
        )
        {
            tree[path] = value;
        }

        if (instance.Metadata.Tags == "enabled")
        {
            foreach (var (key, value) in instance.Tags)
            {
                tree[$"meta-data/tags/instance/{key}"] = value;
            }
        }

        if (instance.UserData.Length > 0)
        {
            tree[UserData] = instance.UserData;
        }

        return tree;
    }

    private static IEnumerable<(string Path, string Value)> Basics(Instance instance)
    {
        var (card, zone) = (instance.Card, instance.Subnet.Zone);
        yield return ("ami-id", instance.Image.Id);
        yield return ("ami-launch-index", instance.LaunchIndex.ToString(CultureInfo.InvariantCulture));
        yield return ("ami-manifest-path", "(unknown)");
        yield return ("block-device-mapping/ami", instance.Image.RootDevice);
        yield return ("block-device-mapping/root", instance.Image.RootDevice);
        yield return ("hostname", card.PrivateDns);
        yield return ("instance-action", "none");
        yield return ("instance-id", instance.Id);
        yield return ("instance-life-cycle", instance.Launch.IsSpot ? "spot" : "on-demand");
        yield return ("instance-type", instance.InstanceType);
        yield return ("local-hostname", card.PrivateDns);
        yield return ("local-ipv4", card.PrivateIp);
        yield return ("mac", card.Mac);
        yield return ("placement/availability-zone", zone.Name);
        yield return ("placement/availability-zone-id", zone.Id);
        yield return ("placement/region", zone.Region);
        yield return ("profile", "default-hvm");
        yield return ("reservation-id", instance.Reservation.Id);
        yield return ("security-groups", Lines(card.Groups.Select(group => group.Name)));
        yield return ("services/domain", "amazonaws.com");
        yield return ("services/partition", "aws");
        yield return ("system", "nitro");
        if (instance.PublicIp is { } ip)
        {
            yield return ("public-hostname", instance.PublicDns);
            yield return ("public-ipv4", ip);
        }
    }

    private static IEnumerable<(string Path, string Value)> Card(Ec2Region region, Instance instance)
    {
        var (card, below) = (instance.Card, $"network/interfaces/macs/{instance.Card.Mac}");
        yield return ($"{below}/device-number", "0");
        yield return ($"{below}/interface-id", card.Id);
        yield return ($"{below}/local-hostname", card.PrivateDns);
        yield return ($"{below}/local-ipv4s", card.PrivateIp);
        yield return ($"{below}/mac", card.Mac);
        yield return ($"{below}/owner-id", region.State.Account.Options.AccountId);
        yield return ($"{below}/security-group-ids", Lines(card.Groups.Select(group => group.Id)));
        yield return ($"{below}/security-groups", Lines(card.Groups.Select(group => group.Name)));
        yield return ($"{below}/subnet-id", card.Subnet.Id);
        yield return ($"{below}/subnet-ipv4-cidr-block", card.Subnet.Cidr);
        yield return ($"{below}/vpc-id", card.Subnet.Vpc.Id);
        yield return ($"{below}/vpc-ipv4-cidr-block", card.Subnet.Vpc.Cidr);
        yield return ($"{below}/vpc-ipv4-cidr-blocks", card.Subnet.Vpc.Cidr);
    }

    /// <summary>Any keys will do here, so these are as good as others.</summary>
    private static IEnumerable<(string Path, string Value)> Profile(Ec2Region region, Instance instance)
    {
        if (instance.Launch.InstanceProfileArn is not { } arn)
        {
            yield break;
        }

        var now = region.State.Account.Clock.Now;
        var updated = Time(now);
        yield return (
            "iam/info",
            Document(("Code", "Success"), ("LastUpdated", updated), ("InstanceProfileArn", arn), ("InstanceProfileId", "AIPALOCALCLOUD"))
        );
        yield return (
            $"iam/security-credentials/{arn[(arn.LastIndexOf('/') + 1)..]}",
            Document(
                ("Code", "Success"),
                ("LastUpdated", updated),
                ("Type", "AWS-HMAC"),
                ("AccessKeyId", "ASIALOCALCLOUD"),
                ("SecretAccessKey", "local"),
                ("Token", "local"),
                ("Expiration", Time(now + TimeSpan.FromHours(6)))
            )
        );
    }

    private static IEnumerable<(string Path, string Value)> Key(Ec2Region region, Instance instance)
    {
        if (region.KeyPairs.FirstOrDefault(pair => pair.Name == instance.Launch.KeyName) is KeyPair { PublicKey: { } key } pair)
        {
            yield return ("public-keys/0/openssh-key", $"{key} {pair.Name}");
        }
    }

    private static string Identity(Ec2Region region, Instance instance) =>
        Document(
            ("accountId", region.State.Account.Options.AccountId),
            ("architecture", instance.Image.Architecture),
            ("availabilityZone", instance.Subnet.Zone.Name),
            ("billingProducts", null),
            ("devpayProductCodes", null),
            ("imageId", instance.Image.Id),
            ("instanceId", instance.Id),
            ("instanceType", instance.InstanceType),
            ("kernelId", null),
            ("marketplaceProductCodes", null),
            ("pendingTime", Time(instance.LaunchedAt)),
            ("privateIp", instance.Card.PrivateIp),
            ("ramdiskId", null),
            ("region", region.Name),
            ("version", "2017-09-30")
        );

    private static string Document(params IEnumerable<(string Name, string? Value)> fields) =>
        new JsonObject(fields.Select(field => KeyValuePair.Create<string, JsonNode?>(field.Name, field.Value))).ToString();

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Lines(IEnumerable<string> values) => string.Join('\n', values);
}
