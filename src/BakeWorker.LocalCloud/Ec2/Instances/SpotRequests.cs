using System.Xml.Linq;
using BakeWorker.LocalCloud.Protocols;
using static BakeWorker.LocalCloud.Ec2.Requests.Answer;

namespace BakeWorker.LocalCloud.Ec2.Instances;

/// <summary>CancelSpotInstanceRequests: the request ends, its instance goes on until it is terminated.</summary>
internal static class SpotRequests
{
    public static IEnumerable<XElement> Cancel(Ec2Call call)
    {
        var known = call.Region.Instances.Select(instance => instance.SpotRequestId).ToHashSet();
        var ids = call.Input.Strings("SpotInstanceRequestId");
        if (ids.FirstOrDefault(id => !known.Contains(id)) is { } unknown)
        {
            throw new CloudException("InvalidSpotInstanceRequestID.NotFound", $"The spot instance request ID '{unknown}' does not exist");
        }

        foreach (var instance in call.Region.Instances.Where(instance => ids.Contains(instance.SpotRequestId)))
        {
            instance.IsSpotRequestCancelled = true;
        }

        yield return new XElement(
            "spotInstanceRequestSet",
            ids.Select(id => new XElement("item", Value("spotInstanceRequestId", id), Value("state", "cancelled")))
        );
    }
}
