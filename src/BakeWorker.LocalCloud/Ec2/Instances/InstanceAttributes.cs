using System.Xml.Linq;
using BakeWorker.LocalCloud.Ec2.Networking;
using BakeWorker.LocalCloud.Protocols;
using static BakeWorker.LocalCloud.Ec2.Requests.Answer;

namespace BakeWorker.LocalCloud.Ec2.Instances;

/// <summary>DescribeInstanceAttribute and ModifyInstanceAttribute.</summary>
internal static class InstanceAttributes
{
    public static IEnumerable<XElement> Describe(Ec2Call call)
    {
        var instance = InstanceActions.GetVisible(call);
        var attribute = call.Input.Required("Attribute");
        return Of(Value("instanceId", instance.Id), Render(instance, attribute));
    }

    public static IEnumerable<XElement> Modify(Ec2Call call)
    {
        var instance = InstanceActions.GetVisible(call);
        foreach (var (attribute, value) in Changes(call.Input))
        {
            Change(instance, attribute, value);
        }

        var groups = call.Input.Strings("GroupId");
        if (groups.Count > 0)
        {
            instance.Card.Groups = groups.Select(call.Region.SecurityGroups.Get).ToList();
        }

        foreach (var mapping in call.Input.Structures("BlockDeviceMapping"))
        {
            var volume = instance.Volumes.Find(volume => volume.Device.Name == mapping.Required("DeviceName"));
            (volume ?? throw Ec2Errors.InvalidValue($"The instance has no device '{mapping.Required("DeviceName")}'")).DeleteOnTermination =
                mapping.Structure("Ebs").Bool("DeleteOnTermination");
        }

        return True;
    }

    /// <summary>Both forms: <c>Attribute=x&amp;Value=y</c>, and <c>X.Value=y</c>.</summary>
    private static IEnumerable<(string Attribute, string Value)> Changes(QueryInput input)
    {
        if (input.String("Attribute") is { } attribute && input.String("Value") is { } value)
        {
            yield return (attribute, value);
        }

        foreach (var (key, nested) in input.Values.Where(pair => pair.Key.EndsWith(".Value", StringComparison.Ordinal)))
        {
            var name = key[..^".Value".Length];
            yield return (char.ToLowerInvariant(name[0]) + name[1..], nested);
        }
    }

    private static void Change(Instance instance, string attribute, string value)
    {
        var isTrue = value.Equals("true", StringComparison.OrdinalIgnoreCase);
        switch (attribute)
        {
            case "instanceInitiatedShutdownBehavior":
                instance.ShutdownBehavior = LaunchReader.ShutdownBehavior(value);
                break;
            case "disableApiTermination":
                instance.IsTerminationDisabled = isTrue;
                break;
            case "disableApiStop":
                instance.IsStopDisabled = isTrue;
                break;
            case "instanceType":
                RequireStopped(instance);
                instance.InstanceType = InstanceTypes.Get(value).Name;
                break;
            case "userData":
                RequireStopped(instance);
                LaunchReader.UserData(value);
                instance.UserData = value;
                break;
            case "ebsOptimized" or "enaSupport" or "sourceDestCheck" or "sriovNetSupport":
                break;
            default:
                throw Ec2Errors.InvalidValue($"Value ({attribute}) for parameter attribute is invalid. Unknown attribute.");
        }
    }

    private static void RequireStopped(Instance instance)
    {
        if (instance.State != InstanceState.Stopped)
        {
            throw new CloudException("IncorrectInstanceState", $"The instance '{instance.Id}' is not in the 'stopped' state.");
        }
    }

    private static XElement? Render(Instance instance, string attribute) =>
        attribute switch
        {
            "instanceType" => Nested(attribute, instance.InstanceType),
            "userData" => Nested(attribute, instance.UserData.Length > 0 ? instance.UserData : null),
            "instanceInitiatedShutdownBehavior" => Nested(attribute, instance.ShutdownBehavior),
            "disableApiTermination" => Nested(attribute, instance.IsTerminationDisabled),
            "disableApiStop" => Nested(attribute, instance.IsStopDisabled),
            "rootDeviceName" => Nested(attribute, instance.Image.RootDevice),
            "ebsOptimized" => Nested(attribute, instance.Launch.IsEbsOptimized),
            "sourceDestCheck" or "enaSupport" => Nested(attribute, value: true),
            "sriovNetSupport" or "kernel" or "ramdisk" => Nested(attribute, value: null),
            "enclaveOptions" => Group(attribute, Value("enabled", value: false)),
            "blockDeviceMapping" => Set(attribute, instance.Volumes, InstanceXml.Device),
            "groupSet" => DescribeInterfaces.Groups(instance.Card.Groups),
            "productCodes" => Group(attribute),
            _ => throw Ec2Errors.InvalidValue($"Value ({attribute}) for parameter attribute is invalid. Unknown attribute."),
        };

    private static XElement Nested(string attribute, object? value) => Group(attribute, Value("value", value));
}
