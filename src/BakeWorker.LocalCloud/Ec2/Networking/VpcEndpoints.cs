using System.Xml.Linq;
using BakeWorker.LocalCloud.Ec2.Requests;
using static BakeWorker.LocalCloud.Ec2.Requests.Answer;

namespace BakeWorker.LocalCloud.Ec2.Networking;

/// <summary>DescribeVpcEndpoints and DeleteVpcEndpoints.</summary>
internal static class VpcEndpoints
{
    public static IEnumerable<XElement> Describe(Ec2Call call) =>
        new Listing<VpcEndpoint>(
            "vpcEndpointSet",
            new Filters<VpcEndpoint>()
                .On("vpc-endpoint-id", endpoint => endpoint.Id)
                .On("vpc-id", endpoint => endpoint.Subnet.Vpc.Id)
                .On("service-name", endpoint => endpoint.Service)
                .On("vpc-endpoint-state", _ => "available")
                .On("vpc-endpoint-type", _ => "Interface"),
            endpoint =>
                [
                    Value("vpcEndpointId", endpoint.Id),
                    Value("vpcEndpointType", "Interface"),
                    Value("vpcId", endpoint.Subnet.Vpc.Id),
                    Value("serviceName", endpoint.Service),
                    Value("state", "available"),
                    Value("privateDnsEnabled", value: true),
                    Value("requesterManaged", value: false),
                    Value("ownerId", call.OwnerId),
                    Set("subnetIdSet", [endpoint.Subnet.Id]),
                    Set("groupSet", [endpoint.Group], group => [Value("groupId", group.Id), Value("groupName", group.Name)]),
                    Group("routeTableIdSet"),
                    Tags(endpoint),
                ]
        )
        {
            Paging = new(IdParameter: "VpcEndpointId"),
        }.Of(call.Input, call.Region.VpcEndpoints.Select(call.Input.Strings("VpcEndpointId")));

    public static IEnumerable<XElement> Delete(Ec2Call call)
    {
        var missing = new List<string>();
        foreach (var id in call.Input.Strings("VpcEndpointId"))
        {
            if (call.Region.VpcEndpoints.Find(id) is { } endpoint)
            {
                call.Region.VpcEndpoints.Remove(endpoint);
            }
            else
            {
                missing.Add(id);
            }
        }

        return Of(Set("unsuccessful", missing, id => [Value("resourceId", id), Group("error", Error(call, id))]));
    }

    private static IEnumerable<object?> Error(Ec2Call call, string id)
    {
        var error = call.Region.VpcEndpoints.NotFound(id);
        return [Value("code", error.Code), Value("message", error.Message)];
    }
}
