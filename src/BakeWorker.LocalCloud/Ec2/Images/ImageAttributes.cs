using System.Xml.Linq;
using static BakeWorker.LocalCloud.Ec2.Requests.Answer;

namespace BakeWorker.LocalCloud.Ec2.Images;

/// <summary>DescribeImageAttribute and ResetImageAttribute.</summary>
internal static class ImageAttributes
{
    public static IEnumerable<XElement> Describe(Ec2Call call)
    {
        var attribute = call.Input.Required("Attribute");
        var image = OwnImages.Get(call);
        return Of(Value("imageId", image.Id), Render(call, image, attribute));
    }

    public static IEnumerable<XElement> Reset(Ec2Call call)
    {
        var image = OwnImages.Get(call);
        if (call.Input.Required("Attribute") is not "launchPermission" and var other)
        {
            throw Ec2Errors.InvalidValue($"Value ({other}) for parameter attribute is invalid. Only launchPermission can be reset.");
        }

        image.Permissions.Clear();
        image.Changed?.Invoke();
        return True;
    }

    private static XElement Render(Ec2Call call, Image image, string attribute) =>
        attribute switch
        {
            "launchPermission" => Set(attribute, image.Permissions, permission => permission.Render()),
            "description" => Nested(attribute, image.Description),
            "imdsSupport" => Nested(attribute, image.ImdsSupport),
            "bootMode" => Nested(attribute, image.BootMode),
            "tpmSupport" => Nested(attribute, image.TpmSupport),
            "sriovNetSupport" => Nested(attribute, "simple"),
            "lastLaunchedTime" => Nested(attribute, image.LastLaunchedAt),
            "deregistrationProtection" => Nested(attribute, image.Protection.Word(call.Now)),
            "kernel" or "ramdisk" or "uefiData" => Nested(attribute, value: null),
            "productCodes" => Group(attribute),
            "blockDeviceMapping" => Set(attribute, image.Devices, device => device.Render()),
            _ => throw Ec2Errors.InvalidValue($"Value ({attribute}) for parameter attribute is invalid. Unknown attribute."),
        };

    private static XElement Nested(string attribute, object? value) => Group(attribute, Value("value", value));
}
