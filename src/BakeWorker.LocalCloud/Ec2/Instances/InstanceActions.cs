using System.Xml.Linq;
using BakeWorker.LocalCloud.Protocols;
using static BakeWorker.LocalCloud.Ec2.Requests.Answer;

namespace BakeWorker.LocalCloud.Ec2.Instances;

/// <summary>StartInstances, StopInstances, RebootInstances and TerminateInstances. Each checks all its instances before it touches one.</summary>
internal static class InstanceActions
{
    private const int MaxInstances = 1000;

    public static IEnumerable<XElement> Start(Ec2Call call)
    {
        var instances = Named(call);
        Refuse(instances, instance => instance.IsGone || instance.State == InstanceState.Stopping, "started");
        return Change(instances, instance => instance.State == InstanceState.Stopped, call.Region.Life.Start);
    }

    public static IEnumerable<XElement> Stop(Ec2Call call)
    {
        var instances = Named(call);
        Refuse(instances, instance => instance.IsGone || instance.State == InstanceState.Pending, "stopped");
        if (instances.Find(instance => instance.Launch is { IsSpot: true, IsPersistentSpot: false }) is { } spot)
        {
            throw new CloudException(
                "UnsupportedOperation",
                $"You can't stop the Spot Instance '{spot.Id}' because it is associated with a one-time Spot Instance request. "
                    + "You can only stop Spot Instances associated with persistent Spot Instance requests."
            );
        }

        if (instances.Find(instance => instance.IsStopDisabled) is { } kept)
        {
            throw NotPermitted(kept, "stopped", "disableApiStop");
        }

        return Change(instances, instance => instance.State == InstanceState.Running, call.Region.Life.Stop);
    }

    public static IEnumerable<XElement> Reboot(Ec2Call call)
    {
        var instances = Named(call);
        Refuse(instances, instance => instance.State != InstanceState.Running, "rebooted");
        instances.ForEach(instance => call.Region.Life.Reboot(instance));
        return True;
    }

    public static IEnumerable<XElement> Terminate(Ec2Call call)
    {
        var instances = Named(call);
        if (instances.Find(instance => instance is { IsTerminationDisabled: true, IsGone: false }) is { } kept)
        {
            throw NotPermitted(kept, "terminated", "disableApiTermination");
        }

        return Change(instances, instance => !instance.IsGone, call.Region.Life.Terminate);
    }

    /// <summary>The instances that the call names, or all; those too young to be known are missing as EC2's are.</summary>
    public static IEnumerable<Instance> Visible(Ec2Call call)
    {
        var ids = call.Input.Strings("InstanceId");
        if (call.Region.Instances.Select(ids).FirstOrDefault(instance => ids.Count > 0 && instance.VisibleFrom > call.Now) is { } young)
        {
            throw call.Region.Instances.NotFound(young.Id);
        }

        return call.Region.Instances.Select(ids).Where(instance => instance.VisibleFrom <= call.Now);
    }

    public static Instance GetVisible(Ec2Call call)
    {
        var instance = call.Region.Instances.Get(call.Input.Required("InstanceId"));
        return instance.VisibleFrom <= call.Now ? instance : throw call.Region.Instances.NotFound(instance.Id);
    }

    public static CloudException IncorrectState(Instance instance, string verb) =>
        new("IncorrectInstanceState", $"The instance '{instance.Id}' is not in a state from which it can be {verb}.");

    private static List<Instance> Named(Ec2Call call)
    {
        var ids = call.Input.Strings("InstanceId");
        return ids.Count switch
        {
            0 => throw Ec2Errors.Missing("InstanceId"),
            > MaxInstances => throw Ec2Errors.InvalidValue($"No more than {MaxInstances} instances may be named in one call"),
            _ => Visible(call).ToList(),
        };
    }

    private static void Refuse(List<Instance> instances, Predicate<Instance> isWrong, string verb)
    {
        if (instances.Find(isWrong) is { } wrong)
        {
            throw IncorrectState(wrong, verb);
        }
    }

    private static IEnumerable<XElement> Change(List<Instance> instances, Predicate<Instance> applies, Action<Instance> change)
    {
        var before = instances.ToDictionary(instance => instance, instance => instance.State);
        instances.FindAll(applies).ForEach(change);
        return Of(
            Set(
                "instancesSet",
                instances,
                instance =>
                    [
                        Value("instanceId", instance.Id),
                        InstanceXml.State("currentState", instance.State),
                        InstanceXml.State("previousState", before[instance]),
                    ]
            )
        );
    }

    private static CloudException NotPermitted(Instance instance, string verb, string attribute) =>
        new(
            "OperationNotPermitted",
            $"The instance '{instance.Id}' may not be {verb}. Modify its '{attribute}' instance attribute and try again."
        );
}
