using System.Xml.Linq;
using BakeWorker.LocalCloud.Ec2.Requests;
using BakeWorker.LocalCloud.Ec2.Tagging;
using static BakeWorker.LocalCloud.Ec2.Requests.Answer;

namespace BakeWorker.LocalCloud.Ec2.Images;

/// <summary>Which other accounts use an image, as EC2 found it some time after it was asked. It keeps the answer for 30 days.</summary>
internal sealed class UsageReport(string id, string imageId, DateTimeOffset createdAt) : Resource(id, "image-usage-report")
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    public string ImageId { get; } = imageId;
    public DateTimeOffset CreatedAt { get; } = createdAt;
    public DateTimeOffset ExpiresAt => CreatedAt + Kept;
    public IReadOnlyList<string> Kinds { get; init; } = [];
    public IReadOnlyList<string> Accounts { get; init; } = [];

    /// <summary><c>pending</c>, <c>available</c> or <c>error</c>.</summary>
    public string State { get; set; } = "pending";
    public IReadOnlyList<ForeignUse> Entries { get; set; } = [];
}

/// <summary>Somebody else's resources that use an image. <paramref name="Kind"/> is ec2:Instance or ec2:LaunchTemplate.</summary>
internal sealed record ForeignUse(string ImageId, string Account, string Kind, int Count);

/// <summary>CreateImageUsageReport, what came of it, and its end.</summary>
internal static class UsageReports
{
    private const int MaxAccounts = 200;
    private const int MaxToken = 128;
    private static readonly TimeSpan ToMade = TimeSpan.FromMinutes(3);
    private static readonly string[] Kinds = ["ec2:Instance", "ec2:LaunchTemplate"];

    private static readonly Listing<UsageReport> Reports = new(
        "imageUsageReportSet",
        new Filters<UsageReport>().On("state", report => report.State).On("creation-time", report => report.CreatedAt),
        report =>
            [
                Value("imageId", report.ImageId),
                Value("reportId", report.Id),
                Set("resourceTypeSet", report.Kinds, kind => [Value("resourceType", kind)]),
                Set("accountIdSet", report.Accounts),
                Value("state", report.State),
                Value("creationTime", report.CreatedAt),
                Value("expirationTime", report.ExpiresAt),
                Tags(report),
            ]
    );

    private static readonly Listing<(UsageReport Report, ForeignUse Use)> Entries = new(
        "imageUsageReportEntrySet",
        new Filters<(UsageReport Report, ForeignUse Use)>()
            .On("account-id", entry => entry.Use.Account)
            .On("resource-type", entry => entry.Use.Kind)
            .On("creation-time", entry => entry.Report.CreatedAt),
        entry =>
            [
                Value("resourceType", entry.Use.Kind),
                Value("reportId", entry.Report.Id),
                Value("usageCount", entry.Use.Count),
                Value("accountId", entry.Use.Account),
                Value("imageId", entry.Use.ImageId),
                Value("reportCreationTime", entry.Report.CreatedAt),
            ]
    );

    public static IEnumerable<XElement> Create(Ec2Call call)
    {
        if (call.Input.String("ClientToken") is { Length: > MaxToken })
        {
            throw Ec2Errors.InvalidValue($"The parameter clientToken has at most {MaxToken} characters.");
        }

        if (call.Region.ReportTokens.Find("", call.Input) is { } earlier)
        {
            return Of(Value("reportId", earlier[0]));
        }

        var image = OwnImages.Get(call);
        var kinds = call.Input.Structures("ResourceType").Select(kind => kind.Required("ResourceType")).ToList();
        if (kinds.Count == 0 || kinds.Exists(kind => !Kinds.Contains(kind)))
        {
            throw Ec2Errors.InvalidValue($"Resource types must be given, of these: {string.Join(", ", Kinds)}.");
        }

        var accounts = call.Input.Strings("AccountId");
        if (accounts.Count > MaxAccounts)
        {
            throw Ec2Errors.InvalidValue($"At most {MaxAccounts} accounts can be named.");
        }

        var report = TagSpecifications
            .Read(call.Input, "image-usage-report")
            .Put(new UsageReport(call.NewId("amiur"), image.Id, call.Now) { Kinds = kinds, Accounts = accounts });
        call.Region.UsageReports.Add(report);
        call.Region.ReportTokens.Record("", call.Input, report.Id);
        var region = call.Region;
        call.Account.Clock.After(call.Account.Jitter(ToMade), () => Complete(region, report));
        return Of(Value("reportId", report.Id));
    }

    public static IEnumerable<XElement> Describe(Ec2Call call) => Reports.Of(call.Input, Select(call));

    public static IEnumerable<XElement> DescribeEntries(Ec2Call call) =>
        Entries.Of(
            call.Input,
            Select(call).Where(report => report.State == "available").SelectMany(report => report.Entries.Select(use => (report, use)))
        );

    public static IEnumerable<XElement> Delete(Ec2Call call)
    {
        call.Region.UsageReports.Remove(call.Region.UsageReports.Get(call.Input.Required("ReportId")));
        return True;
    }

    private static void Complete(Ec2Region region, UsageReport report)
    {
        report.State = "available";
        report.Entries =
        [
            .. region.ForeignUses.Where(use =>
                use.ImageId == report.ImageId
                && report.Kinds.Contains(use.Kind)
                && (report.Accounts.Count == 0 || report.Accounts.Contains(use.Account))
            ),
        ];
    }

    private static IEnumerable<UsageReport> Select(Ec2Call call)
    {
        var images = call.Input.Strings("ImageId");
        return call
            .Region.UsageReports.Select(call.Input.Strings("ReportId"))
            .Where(report => report.ExpiresAt > call.Now && (images.Count == 0 || images.Contains(report.ImageId)));
    }
}
