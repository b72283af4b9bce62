using System.Xml.Linq;
using static BakeWorker.LocalCloud.Ec2.Requests.Answer;

namespace BakeWorker.LocalCloud.Ec2.Images;

/// <summary>An image as DescribeImages shows it.</summary>
internal static class ImageXml
{
    private static readonly string[] Severities = ["critical", "high", "medium", "low", "informational"];

    public static IEnumerable<object?> Of(Ec2Call call, Image image) =>
        [
            Value("imageId", image.Id),
            Value("imageLocation", $"{image.OwnerAlias ?? image.OwnerId}/{image.Name}"),
            Value("imageState", image.State.Word()),
            Reason(image.Reason),
            Value("imageOwnerId", image.OwnerId),
            Value("imageOwnerAlias", image.OwnerAlias),
            Value("creationDate", image.CreatedAt),
            Value("isPublic", image.IsPublic),
            Value("architecture", image.Architecture),
            Value("imageType", "machine"),
            Value("name", image.Name),
            Value("description", image.Description.Length > 0 ? image.Description : null),
            Value("platform", image.IsWindows ? "windows" : null),
            Value("platformDetails", image.PlatformDetails),
            Value("usageOperation", image.UsageOperation),
            Value("rootDeviceType", "ebs"),
            Value("rootDeviceName", image.RootDevice),
            Set("blockDeviceMapping", image.Devices, device => device.Render()),
            Value("virtualizationType", "hvm"),
            Value("hypervisor", "xen"),
            Value("enaSupport", value: true),
            Value("sriovNetSupport", "simple"),
            Value("bootMode", image.BootMode),
            Value("tpmSupport", image.TpmSupport),
            Value("imdsSupport", image.ImdsSupport),
            Value("deprecationTime", image.DeprecatedAt),
            .. OwnersView(call, image),
            ScanResults(image),
            Tags("tagSet", image.OwnerId == call.OwnerId ? image.Tags : []),
        ];

    private static IEnumerable<XElement?> OwnersView(Ec2Call call, Image image) =>
        image.OwnerId != call.OwnerId
            ? []
            :
            [
                Value("sourceInstanceId", image.SourceInstanceId),
                Value("sourceImageId", image.SourceImageId),
                Value("sourceImageRegion", image.SourceImageRegion),
                Value("lastLaunchedTime", image.LastLaunchedAt),
                Value("deregistrationProtection", image.Protection.Word(call.Now)),
            ];

    private static XElement? ScanResults(Image image) =>
        image.ScannedAt is not { } scannedAt
            ? null
            : Group(
                "scanResults",
                [
                    Value("findingScanDate", scannedAt),
                    Value("highestFindingSeverityLabel", Severities.FirstOrDefault(severity => Of(image, severity).Any())),
                    .. Severities.Select(severity => Value($"{severity}FixAvailableSince", FixAvailableSince(image, severity))),
                ]
            );

    private static IEnumerable<Guests.ImageFinding> Of(Image image, string severity) =>
        image.Findings.Where(finding => finding.Severity == severity);

    private static DateTimeOffset? FixAvailableSince(Image image, string severity) =>
        Of(image, severity).Where(finding => finding.FixAvailable).Min(finding => (DateTimeOffset?)finding.FirstObservedAt);
}
