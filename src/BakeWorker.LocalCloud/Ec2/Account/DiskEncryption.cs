using System.Xml.Linq;
using BakeWorker.LocalCloud.Kms;
using BakeWorker.LocalCloud.Protocols;
using static BakeWorker.LocalCloud.Ec2.Requests.Answer;

namespace BakeWorker.LocalCloud.Ec2.Account;

/// <summary>What EBS encrypts in a Region when nobody says so, and with which key.</summary>
internal static class DiskEncryption
{
    public static IEnumerable<XElement> State(Ec2Call call) =>
        Of(
            Value("ebsEncryptionByDefault", Ring(call).EncryptsByDefault),
            Value("sseType", Ring(call).EncryptsByDefault ? "sse-kms" : "none")
        );

    public static IEnumerable<XElement> Enable(Ec2Call call) => Switch(call, isOn: true);

    public static IEnumerable<XElement> Disable(Ec2Call call) => Switch(call, isOn: false);

    public static IEnumerable<XElement> Key(Ec2Call call) => Of(Value("kmsKeyId", Ring(call).EbsDefault));

    public static IEnumerable<XElement> SetKey(Ec2Call call)
    {
        var name = call.Input.Required("KmsKeyId");
        var key =
            call.Account.Keys.Find(call.Region.Name, name)
            ?? throw new CloudException("InvalidKmsKeyId.NotFound", $"The KMS key '{name}' does not exist.");
        Ring(call).EbsDefault = key.Arn;
        return Key(call);
    }

    private static IEnumerable<XElement> Switch(Ec2Call call, bool isOn)
    {
        Ring(call).EncryptsByDefault = isOn;
        return Of(Value("ebsEncryptionByDefault", isOn));
    }

    private static KeyRing Ring(Ec2Call call) => call.Account.Keys.In(call.Region.Name);
}
