using System.Xml.Linq;
using BakeWorker.LocalCloud.Protocols;
using static BakeWorker.LocalCloud.Ec2.Requests.Answer;

namespace BakeWorker.LocalCloud.Ec2.LaunchTemplates;

/// <summary>Launch templates and their versions in XML.</summary>
internal static class TemplateXml
{
    public static IEnumerable<object?> Template(Ec2Call call, LaunchTemplate template) =>
        [
            Value("launchTemplateId", template.Id),
            Value("launchTemplateName", template.Name),
            Value("createTime", template.CreatedAt),
            Value("createdBy", $"arn:aws:iam::{call.OwnerId}:root"),
            Value("defaultVersionNumber", template.DefaultVersion),
            Value("latestVersionNumber", template.LatestVersion),
            Tags(template),
        ];

    public static IEnumerable<object?> Version(Ec2Call call, LaunchTemplate template, TemplateVersion version) =>
        [
            Value("launchTemplateId", template.Id),
            Value("launchTemplateName", template.Name),
            Value("versionNumber", version.Version),
            Value("versionDescription", version.Description),
            Value("createTime", version.CreatedAt),
            Value("createdBy", $"arn:aws:iam::{call.OwnerId}:root"),
            Value("defaultVersion", version.Version == template.DefaultVersion),
            Group("launchTemplateData", Data(version.Data)),
        ];

    private static XElement?[] Data(QueryInput data) =>
        [
            .. Scalars(
                data,
                "ImageId",
                "InstanceType",
                "KeyName",
                "UserData",
                "EbsOptimized",
                "DisableApiTermination",
                "InstanceInitiatedShutdownBehavior"
            ),
            Structure(data, "IamInstanceProfile", "Arn", "Name"),
            Structure(data, "Monitoring", "Enabled"),
            Structure(data, "Placement", "AvailabilityZone", "GroupName", "Tenancy"),
            Structure(
                data,
                "MetadataOptions",
                "HttpTokens",
                "HttpPutResponseHopLimit",
                "HttpEndpoint",
                "HttpProtocolIpv6",
                "InstanceMetadataTags"
            ),
            Structure(data, "InstanceMarketOptions", "MarketType"),
            Words(data, "SecurityGroupId", "securityGroupIdSet"),
            Words(data, "SecurityGroup", "securityGroupSet"),
            Structures(
                data,
                "BlockDeviceMapping",
                "blockDeviceMappingSet",
                device =>
                    [
                        .. Scalars(device, "DeviceName", "VirtualName", "NoDevice"),
                        Structure(
                            device,
                            "Ebs",
                            "SnapshotId",
                            "VolumeSize",
                            "VolumeType",
                            "Iops",
                            "Throughput",
                            "DeleteOnTermination",
                            "Encrypted",
                            "KmsKeyId"
                        ),
                    ]
            ),
            Structures(
                data,
                "NetworkInterface",
                "networkInterfaceSet",
                card =>
                    [
                        .. Scalars(card, "DeviceIndex", "SubnetId", "AssociatePublicIpAddress", "DeleteOnTermination"),
                        card.Has("SecurityGroupId")
                            ? Group("groupSet", card.Strings("SecurityGroupId").Select(id => Value("groupId", id)))
                            : null,
                    ]
            ),
            Structures(
                data,
                "TagSpecification",
                "tagSpecificationSet",
                specification =>
                    [
                        .. Scalars(specification, "ResourceType"),
                        Set("tagSet", specification.Structures("Tag"), tag => Scalars(tag, "Key", "Value")),
                    ]
            ),
        ];

    /// <summary>What comes in as <c>ImageId</c> goes out as <c>imageId</c>.</summary>
    private static List<XElement?> Scalars(QueryInput data, params IEnumerable<string> names) =>
        names.Select(name => Value(char.ToLowerInvariant(name[0]) + name[1..], data.String(name))).ToList();

    private static XElement? Structure(QueryInput data, string name, params IEnumerable<string> fields) =>
        data.Has(name) ? Group(char.ToLowerInvariant(name[0]) + name[1..], Scalars(data.Structure(name), fields)) : null;

    private static XElement? Words(QueryInput data, string name, string set) => data.Has(name) ? Set(set, data.Strings(name)) : null;

    private static XElement? Structures(QueryInput data, string name, string set, Func<QueryInput, IEnumerable<object?>> render) =>
        data.Has(name) ? Set(set, data.Structures(name), render) : null;
}
