using System.Xml.Linq;
using static BakeWorker.LocalCloud.Ec2.Requests.Answer;

namespace BakeWorker.LocalCloud.Ec2.Account;

/// <summary>Whether images and snapshots of a Region may be shared with everybody. A young account blocks both.</summary>
internal sealed class PublicAccess
{
    public const string Unblocked = "unblocked";
    public const string BlockNew = "block-new-sharing";
    public const string BlockAll = "block-all-sharing";

    public string Images { get; private set; } = BlockNew;
    public string Snapshots { get; private set; } = BlockAll;

    public static IEnumerable<XElement> OfImages(Ec2Call call) =>
        Of(Value("imageBlockPublicAccessState", call.Region.PublicAccess.Images), Value("managedBy", "account"));

    public static IEnumerable<XElement> BlockImages(Ec2Call call) => ImagesTo(call, Word(call, "ImageBlockPublicAccessState", BlockNew));

    public static IEnumerable<XElement> UnblockImages(Ec2Call call) => ImagesTo(call, Unblocked);

    public static IEnumerable<XElement> OfSnapshots(Ec2Call call) =>
        Of(Value("state", call.Region.PublicAccess.Snapshots), Value("managedBy", "account"));

    public static IEnumerable<XElement> BlockSnapshots(Ec2Call call) => SnapshotsTo(call, Word(call, "State", BlockNew, BlockAll));

    public static IEnumerable<XElement> UnblockSnapshots(Ec2Call call) => SnapshotsTo(call, Unblocked);

    private static IEnumerable<XElement> ImagesTo(Ec2Call call, string state)
    {
        call.Region.PublicAccess.Images = state;
        return Of(Value("imageBlockPublicAccessState", state));
    }

    private static IEnumerable<XElement> SnapshotsTo(Ec2Call call, string state)
    {
        call.Region.PublicAccess.Snapshots = state;
        return Of(Value("state", state));
    }

    private static string Word(Ec2Call call, string parameter, params string[] known) =>
        call.Input.Required(parameter) is var word && known.Contains(word)
            ? word
            : throw Ec2Errors.InvalidValue(parameter, word, $"Expecting {string.Join(" or ", known)}.");
}
