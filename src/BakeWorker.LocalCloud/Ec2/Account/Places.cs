using System.Xml.Linq;
using BakeWorker.LocalCloud.Ec2.Networking;
using BakeWorker.LocalCloud.Ec2.Requests;
using BakeWorker.LocalCloud.Protocols;
using static BakeWorker.LocalCloud.Ec2.Requests.Answer;

namespace BakeWorker.LocalCloud.Ec2.Account;

/// <summary>DescribeRegions and DescribeAvailabilityZones.</summary>
internal static class Places
{
    private const string OptIn = "opt-in-not-required";

    private static readonly Listing<Ec2Region> RegionListing = new(
        "regionInfo",
        new Filters<Ec2Region>()
            .On("region-name", region => region.Name)
            .On("endpoint", region => Endpoint(region.Name))
            .On("opt-in-status", _ => OptIn),
        region => [Value("regionName", region.Name), Value("regionEndpoint", Endpoint(region.Name)), Value("optInStatus", OptIn)]
    )
    {
        Paging = null,
    };

    private static readonly Listing<Zone> ZoneListing = new(
        "availabilityZoneInfo",
        new Filters<Zone>()
            .On("zone-name", zone => zone.Name)
            .On("zone-id", zone => zone.Id)
            .On("region-name", zone => zone.Region)
            .On("group-name", zone => zone.Region)
            .On("zone-type", _ => "availability-zone")
            .On("opt-in-status", _ => OptIn)
            .On("state", _ => "available"),
        zone =>
            [
                Value("zoneName", zone.Name),
                Value("zoneId", zone.Id),
                Value("zoneState", "available"),
                Value("zoneType", "availability-zone"),
                Value("regionName", zone.Region),
                Value("groupName", zone.Region),
                Value("networkBorderGroup", zone.Region),
                Value("optInStatus", OptIn),
                Group("messageSet"),
            ]
    )
    {
        Paging = null,
    };

    public static IEnumerable<XElement> Regions(Ec2Call call)
    {
        var names = call.Input.Strings("RegionName");
        if (names.FirstOrDefault(name => call.State.FindRegion(name) is null) is { } unknown)
        {
            throw Ec2Errors.InvalidValue($"Invalid region provided: {unknown}");
        }

        return RegionListing.Of(call.Input, call.State.Regions.Where(region => names.Count == 0 || names.Contains(region.Name)));
    }

    public static IEnumerable<XElement> Zones(Ec2Call call)
    {
        var names = call.Input.Strings("ZoneName").Concat(call.Input.Strings("ZoneId")).ToList();
        var zones = call.Region.Zones;
        if (names.Find(name => !zones.Any(zone => zone.Name == name || zone.Id == name)) is { } unknown)
        {
            throw new CloudException("InvalidParameterValue", $"Invalid availability zone: [{unknown}]");
        }

        return ZoneListing.Of(call.Input, zones.Where(zone => names.Count == 0 || names.Contains(zone.Name) || names.Contains(zone.Id)));
    }

    private static string Endpoint(string region) => $"ec2.{region}.amazonaws.com";
}
