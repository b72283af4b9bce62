using System.Xml.Linq;
using BakeWorker.LocalCloud.Ec2.Requests;
using static BakeWorker.LocalCloud.Ec2.Requests.Answer;

namespace BakeWorker.LocalCloud.Ec2.Networking;

/// <summary>DescribeNetworkInterfaces, and the card as its instance shows it.</summary>
internal static class DescribeInterfaces
{
    public static IEnumerable<XElement> Invoke(Ec2Call call) =>
        new Listing<NetworkInterface>(
            "networkInterfaceSet",
            new Filters<NetworkInterface>()
                .On("network-interface-id", card => card.Id)
                .On("attachment.instance-id", card => card.Instance?.Id)
                .On("attachment.status", _ => "attached")
                .On("subnet-id", card => card.Subnet.Id)
                .On("vpc-id", card => card.Subnet.Vpc.Id)
                .On("availability-zone", card => card.Subnet.Zone.Name)
                .On("private-ip-address", card => card.PrivateIp)
                .On("addresses.private-ip-address", card => card.PrivateIp)
                .On("association.public-ip", card => card.Instance?.PublicIp)
                .On("mac-address", card => card.Mac)
                .On("status", _ => "in-use")
                .On("owner-id", _ => call.OwnerId)
                .OnAny("group-id", card => card.Groups.Select(group => group.Id))
                .OnAny("group-name", card => card.Groups.Select(group => group.Name)),
            card =>
                [
                    .. Common(card, call.OwnerId),
                    Value("availabilityZone", card.Subnet.Zone.Name),
                    Value("requesterManaged", value: false),
                    Group(
                        "attachment",
                        [.. Attachment(card), Value("instanceId", card.Instance?.Id), Value("instanceOwnerId", call.OwnerId)]
                    ),
                    Tags(card),
                ]
        )
        {
            Paging = new(IdParameter: "NetworkInterfaceId"),
        }.Of(call.Input, call.Region.Interfaces.Select(call.Input.Strings("NetworkInterfaceId")));

    public static IEnumerable<object?> InInstance(NetworkInterface card, string ownerId) =>
        [.. Common(card, ownerId), Group("attachment", Attachment(card))];

    public static XElement Groups(IEnumerable<SecurityGroup> groups) =>
        Set("groupSet", groups, group => [Value("groupId", group.Id), Value("groupName", group.Name)]);

    private static XElement?[] Common(NetworkInterface card, string ownerId) =>
        [
            Value("networkInterfaceId", card.Id),
            Value("subnetId", card.Subnet.Id),
            Value("vpcId", card.Subnet.Vpc.Id),
            Value("description", ""),
            Value("ownerId", ownerId),
            Value("status", "in-use"),
            Value("macAddress", card.Mac),
            Value("privateIpAddress", card.PrivateIp),
            Value("privateDnsName", card.PrivateDns),
            Value("sourceDestCheck", value: true),
            Value("interfaceType", "interface"),
            Groups(card.Groups),
            Association(card),
            Set(
                "privateIpAddressesSet",
                [card],
                card =>
                    [
                        Value("privateIpAddress", card.PrivateIp),
                        Value("privateDnsName", card.PrivateDns),
                        Value("primary", value: true),
                        Association(card),
                    ]
            ),
        ];

    private static XElement? Association(NetworkInterface card) =>
        card.Instance is { PublicIp: { } ip } instance
            ? Group("association", Value("publicIp", ip), Value("publicDnsName", instance.PublicDns), Value("ipOwnerId", "amazon"))
            : null;

    private static XElement?[] Attachment(NetworkInterface card) =>
        [
            Value("attachmentId", card.AttachmentId),
            Value("deviceIndex", 0),
            Value("networkCardIndex", 0),
            Value("status", "attached"),
            Value("attachTime", card.AttachedAt),
            Value("deleteOnTermination", value: true),
        ];
}
