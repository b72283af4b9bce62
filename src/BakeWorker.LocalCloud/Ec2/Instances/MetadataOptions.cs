using System.Xml.Linq;
using BakeWorker.LocalCloud.Ec2.Images;
using BakeWorker.LocalCloud.Protocols;
using static BakeWorker.LocalCloud.Ec2.Requests.Answer;

namespace BakeWorker.LocalCloud.Ec2.Instances;

/// <summary>How an instance's metadata service answers.</summary>
internal sealed record MetadataOptions(string HttpTokens, int HopLimit, string Endpoint, string Ipv6, string Tags)
{
    /// <summary>What the call says, else what the image asks for, else EC2's defaults.</summary>
    public static MetadataOptions Read(QueryInput options, Image image)
    {
        var isV2 = image.ImdsSupport == "v2.0";
        var read = new MetadataOptions(
            Word(options, "HttpTokens", isV2 ? "required" : "optional", "optional", "required"),
            options.Int("HttpPutResponseHopLimit") ?? (isV2 ? 2 : 1),
            Word(options, "HttpEndpoint", "enabled", "enabled", "disabled"),
            Word(options, "HttpProtocolIpv6", "disabled", "enabled", "disabled"),
            Word(options, "InstanceMetadataTags", "disabled", "enabled", "disabled")
        );
        return read.HopLimit is >= 1 and <= 64
            ? read
            : throw Ec2Errors.InvalidValue("HttpPutResponseHopLimit", $"{read.HopLimit}", "Expecting a value between 1 and 64.");
    }

    public XElement Render() =>
        Group(
            "metadataOptions",
            Value("state", "applied"),
            Value("httpTokens", HttpTokens),
            Value("httpPutResponseHopLimit", HopLimit),
            Value("httpEndpoint", Endpoint),
            Value("httpProtocolIpv6", Ipv6),
            Value("instanceMetadataTags", Tags)
        );

    private static string Word(QueryInput options, string name, string fallback, params ReadOnlySpan<string> allowed)
    {
        var word = options.String(name) ?? fallback;
        return allowed.Contains(word) ? word : throw Ec2Errors.InvalidValue(name, word, $"Expecting one of {string.Join(", ", allowed!)}.");
    }
}
