using System.Xml.Linq;
using static BakeWorker.LocalCloud.Ec2.Requests.Answer;

namespace BakeWorker.LocalCloud.Ec2.Account;

/// <summary>DescribeAccountAttributes.</summary>
internal static class AccountSettings
{
    public static IEnumerable<XElement> Attributes(Ec2Call call)
    {
        var wanted = call.Input.Strings("AttributeName");
        var attributes = new Dictionary<string, string>
        {
            ["supported-platforms"] = "VPC",
            ["default-vpc"] = LocalCloudDefaults.For(call.Region.Name).VpcId,
            ["max-instances"] = "1000",
            ["vpc-max-security-groups-per-interface"] = "5",
            ["max-elastic-ips"] = "5",
            ["vpc-max-elastic-ips"] = "5",
        };
        return Of(
            Set(
                "accountAttributeSet",
                attributes.Where(attribute => wanted.Count == 0 || wanted.Contains(attribute.Key)),
                attribute =>
                    [
                        Value("attributeName", attribute.Key),
                        Set("attributeValueSet", [attribute.Value], value => [Value("attributeValue", value)]),
                    ]
            )
        );
    }
}
