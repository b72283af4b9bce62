using System.Xml.Linq;
using BakeWorker.LocalCloud.Ec2.Requests;
using BakeWorker.LocalCloud.Guests;
using static BakeWorker.LocalCloud.Ec2.Requests.Answer;

namespace BakeWorker.LocalCloud.Ec2.Images;

/// <summary>GetImageFindings: what Inspector found in an image; nothing when it never looked.</summary>
internal static class ImageFindings
{
    public static IEnumerable<XElement> Get(Ec2Call call)
    {
        var image = OwnImages.GetVisible(call);
        var listing = new Listing<ImageFinding>(
            "imageFindingSet",
            new Filters<ImageFinding>(),
            finding =>
                [
                    Value("title", finding.Title),
                    Value("severityLabel", finding.Severity),
                    Value("score", finding.Score),
                    Value("fixAvailable", finding.FixAvailable),
                    Value("snapshotId", image.RootSnapshotId),
                    Value("firstObservedAt", finding.FirstObservedAt),
                    Value("updatedAt", image.ScannedAt),
                    Group("pathSet"),
                ]
        )
        {
            Paging = new(Min: 1),
        };
        return listing.Of(call.Input, image.Findings);
    }
}
