namespace BakeWorker.LocalCloud.Ec2.Networking;

internal sealed class KeyPair(string id, string name) : Resource(id, "key-pair")
{
    public string Name { get; } = name;
    public string KeyType { get; init; } = "rsa";
    public required string Fingerprint { get; init; }
    public string? PublicKey { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}
