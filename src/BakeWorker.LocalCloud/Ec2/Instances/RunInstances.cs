using System.Xml.Linq;
using BakeWorker.LocalCloud.Ec2.LaunchTemplates;
using BakeWorker.LocalCloud.Faults;
using BakeWorker.LocalCloud.Protocols;
using static BakeWorker.LocalCloud.Ec2.Requests.Answer;

namespace BakeWorker.LocalCloud.Ec2.Instances;

/// <summary>RunInstances: the token first, then everything that can be wrong, then capacity, then the launch.</summary>
internal static class RunInstances
{
    public static IEnumerable<XElement> Invoke(Ec2Call original)
    {
        var call = original with { Input = TemplateMerge.Apply(original) };
        var tokens = call.Region.LaunchTokens;
        var scope = LaunchNetwork.Scope(call);
        if (tokens.Find(scope, original.Input) is { } earlier)
        {
            return Render(call, Living(call, earlier));
        }

        var request = LaunchReader.Read(call);
        call.EndDryRun();
        var wanted = new FaultSubject(call.Region.Name, "launch", request.Type.Name) { Pool = request.Pool };
        if (call.State.Account.Faults.Find(FaultKind.CapacityRefused, wanted) is { } refusal)
        {
            throw Ec2Errors.Refusal(refusal.Code, refusal.Message);
        }

        var instances = call.Region.Life.Launch(request);
        tokens.Record(scope, original.Input, instances.Select(instance => instance.Id).ToList());
        return Render(call, instances);
    }

    private static List<Instance> Living(Ec2Call call, IReadOnlyList<string> ids)
    {
        var instances = ids.Select(call.Region.Instances.Find).OfType<Instance>().ToList();
        return instances.Count == ids.Count && instances.TrueForAll(instance => instance.State != InstanceState.Terminated)
            ? instances
            : throw new CloudException(
                "IdempotentInstanceTerminated",
                $"The instance of an earlier request with this client token has been terminated: {string.Join(", ", ids)}"
            );
    }

    private static IEnumerable<XElement> Render(Ec2Call call, List<Instance> instances) =>
        Of(
            Value("reservationId", instances[0].Reservation.Id),
            Value("ownerId", call.OwnerId),
            Group("groupSet"),
            Set("instancesSet", instances, instance => InstanceXml.Of(call, instance))
        );
}
