using System.Xml.Linq;
using BakeWorker.LocalCloud.Ec2.Requests;
using static BakeWorker.LocalCloud.Ec2.Requests.Answer;

namespace BakeWorker.LocalCloud.Ec2.Instances;

/// <summary>DescribeInstanceStatus: the running ones only, unless all are asked for.</summary>
internal static class InstanceStatuses
{
    private const int MaxIds = 100;

    private static readonly Listing<Instance> Listing = new(
        "instanceStatusSet",
        new Filters<Instance>()
            .On("availability-zone", instance => instance.Subnet.Zone.Name)
            .On("instance-state-name", instance => instance.State.Word())
            .On("instance-state-code", instance => $"{(int)instance.State}")
            .On("instance-status.status", InstanceCheck)
            .On("instance-status.reachability", instance => Detail(InstanceCheck(instance)))
            .On("system-status.status", SystemCheck)
            .On("system-status.reachability", instance => Detail(SystemCheck(instance)))
            .On("attached-ebs-status.status", SystemCheck)
            .On("operator.managed", _ => false),
        Render
    )
    {
        Paging = new(IdParameter: "InstanceId"),
    };

    public static IEnumerable<XElement> Describe(Ec2Call call)
    {
        if (call.Input.Strings("InstanceId").Count > MaxIds)
        {
            throw Ec2Errors.InvalidValue($"The maximum number of instance ids for this request is {MaxIds}");
        }

        var isAll = call.Input.Bool("IncludeAllInstances");
        return Listing.Of(call.Input, InstanceActions.Visible(call).Where(instance => isAll || instance.State == InstanceState.Running));
    }

    private static string InstanceCheck(Instance instance) =>
        instance.State != InstanceState.Running ? "not-applicable"
        : instance.IsUnreachable ? "impaired"
        : instance.HasPassedChecks ? "ok"
        : "initializing";

    private static string SystemCheck(Instance instance) =>
        instance.State != InstanceState.Running ? "not-applicable"
        : instance.IsUnreachable || instance.HasPassedChecks ? "ok"
        : "initializing";

    private static string? Detail(string status) =>
        status switch
        {
            "ok" => "passed",
            "impaired" => "failed",
            "initializing" => "initializing",
            _ => null,
        };

    private static IEnumerable<object?> Render(Instance instance) =>
        [
            Value("instanceId", instance.Id),
            Value("availabilityZone", instance.Subnet.Zone.Name),
            Value("availabilityZoneId", instance.Subnet.Zone.Id),
            InstanceXml.State("instanceState", instance.State),
            Check("instanceStatus", InstanceCheck(instance)),
            Check("systemStatus", SystemCheck(instance)),
            Check("attachedEbsStatus", SystemCheck(instance)),
        ];

    private static XElement Check(string name, string status) =>
        Group(
            name,
            Value("status", status),
            Detail(status) is { } detail ? Set("details", [detail], word => [Value("name", "reachability"), Value("status", word)]) : null
        );
}
