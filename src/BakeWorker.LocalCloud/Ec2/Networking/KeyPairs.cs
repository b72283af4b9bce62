using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using BakeWorker.LocalCloud.Ec2.Requests;
using BakeWorker.LocalCloud.Ec2.Tagging;
using BakeWorker.LocalCloud.Protocols;
using static BakeWorker.LocalCloud.Ec2.Requests.Answer;

namespace BakeWorker.LocalCloud.Ec2.Networking;

/// <summary>Key pairs. Bakes use none; other AMI builders cannot do without.</summary>
internal static class KeyPairs
{
    private const int Bits = 2048;

    private static readonly Filters<KeyPair> Filters = new Filters<KeyPair>()
        .On("key-name", key => key.Name)
        .On("key-pair-id", key => key.Id)
        .On("fingerprint", key => key.Fingerprint);

    public static IEnumerable<XElement> Create(Ec2Call call)
    {
        if (call.Input.String("KeyType") is { } type and not "rsa")
        {
            throw new CloudException("UnsupportedOperation", $"LocalCloud makes rsa key pairs only, not {type}; ImportKeyPair takes any.");
        }

        using var rsa = RSA.Create(Bits);
        var key = Add(call, "rsa", Fingerprint(rsa.ExportPkcs8PrivateKey()), publicKey: null);
        return Of([.. Short(key), Value("keyMaterial", rsa.ExportRSAPrivateKeyPem())]);
    }

    public static IEnumerable<XElement> Import(Ec2Call call)
    {
        var material = Encoding.UTF8.GetString(Convert.FromBase64String(call.Input.Required("PublicKeyMaterial"))).Trim();
        var type = material.StartsWith("ssh-ed25519", StringComparison.Ordinal) ? "ed25519" : "rsa";
        return Of(Short(Add(call, type, Fingerprint(Encoding.UTF8.GetBytes(material)), material)));
    }

    public static IEnumerable<XElement> Delete(Ec2Call call)
    {
        var name = call.Input.String("KeyName");
        var id = call.Input.String("KeyPairId");
        if (name is null && id is null)
        {
            throw Ec2Errors.Missing("KeyName or KeyPairId");
        }

        var key = call.Region.KeyPairs.FirstOrDefault(key => key.Name == name || key.Id == id);
        if (key is not null)
        {
            call.Region.KeyPairs.Remove(key);
        }

        return Of(Value("return", value: true), Value("keyPairId", key?.Id));
    }

    public static IEnumerable<XElement> Describe(Ec2Call call)
    {
        var names = call.Input.Strings("KeyName");
        names.ToList().ForEach(name => Get(call.Region, name));
        var listing = new Listing<KeyPair>(
            "keySet",
            Filters,
            key =>
                [
                    .. Short(key),
                    Value("keyType", key.KeyType),
                    Value("createTime", key.CreatedAt),
                    Value("publicKey", call.Input.Bool("IncludePublicKey") ? key.PublicKey : null),
                ]
        )
        {
            Paging = null,
        };
        var keys = call.Region.KeyPairs.Select(call.Input.Strings("KeyPairId"));
        return listing.Of(call.Input, keys.Where(key => names.Count == 0 || names.Contains(key.Name)));
    }

    public static KeyPair Get(Ec2Region region, string name) =>
        region.KeyPairs.FirstOrDefault(key => key.Name == name) ?? throw region.KeyPairs.NotFound(name);

    private static KeyPair Add(Ec2Call call, string type, string fingerprint, string? publicKey)
    {
        var name = call.Input.Required("KeyName");
        if (call.Region.KeyPairs.Any(key => key.Name == name))
        {
            throw new CloudException("InvalidKeyPair.Duplicate", $"The keypair already exists: {name}");
        }

        var tags = TagSpecifications.Read(call.Input, "key-pair");
        var key = new KeyPair(call.NewId("key"), name)
        {
            KeyType = type,
            Fingerprint = fingerprint,
            PublicKey = publicKey,
            CreatedAt = call.Now,
        };
        call.Region.KeyPairs.Add(tags.Put(key));
        return key;
    }

    private static XElement?[] Short(KeyPair key) =>
        [Value("keyPairId", key.Id), Value("keyName", key.Name), Value("keyFingerprint", key.Fingerprint), Tags(key)];

    /// <summary>In EC2's shape; of a newer hash than EC2's, since nobody compares it across clouds.</summary>
    private static string Fingerprint(byte[] key)
    {
        const int EC2Length = 20;
        return string.Join(':', SHA256.HashData(key).Take(EC2Length).Select(value => value.ToString("x2", null)));
    }
}
