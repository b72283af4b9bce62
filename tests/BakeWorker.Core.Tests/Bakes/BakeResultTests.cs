using BakeWorker.Core.Bakes;

namespace BakeWorker.Core.Tests.Bakes;

public sealed class BakeResultTests
{
    internal static BakeResult Full { get; } =
        new()
        {
            BakeId = "bake-0123456789abcdef",
            RequestId = "ci-4711",
            Recipe = "web",
            RecipeDigest = $"sha256:{new string('a', 64)}",
            Outcome = Outcome.Rejected,
            Images = new Dictionary<string, string> { ["eu-central-1"] = "ami-0123456789abcdef0" },
            Pointer = "/images/web/current",
            BaseImage = "ami-0123456789abcdef1",
            Failure = new ResultFailure("findings-blocked", "2 findings > 0: <openssl> & \"zlib\"")
            {
                Stage = "judge",
                Step = "install",
                Actor = "recipe author",
                Retryable = false,
                Evidence = "CVE-2024-1 openssl\nCVE-2024-2 zlib",
                Exhibits =
                [
                    new Exhibit("console.log", "text/plain")
                    {
                        Text = "Kernel panic",
                        Base64 = "S2VybmVs",
                        File = "/evidence/console.log",
                    },
                ],
                Kept = new ResultKept(
                    "i-0123456789abcdef0",
                    new DateTimeOffset(2030, 1, 1, 7, 0, 0, TimeSpan.Zero),
                    "aws ssm start-session --target i-0123456789abcdef0"
                ),
            },
            Stages = [new ResultStage("pin-base", "success", new DateTimeOffset(2030, 1, 1, 3, 0, 0, TimeSpan.Zero), 1.25)],
            Findings = new ResultFindings(1, 2, 3, 4, 5, 6),
            Verdict = new ResultVerdict(false)
            {
                Broken =
                [
                    new ResultBrokenRule(
                        "severity",
                        "policy",
                        "1 finding of severity high, none allowed",
                        [
                            new ResultFinding("CVE-2026-1", "high")
                            {
                                Package = "openssl",
                                Version = "3.0.11",
                                Fix = "3.0.15",
                                Suppressed = true,
                            },
                        ]
                    ),
                ],
                Waived = [Waiver("CVE-2026-2")],
                Expired = [Waiver("CVE-2026-3")],
                Unused = [Waiver("CVE-2026-4")],
                Suppressed = 1,
            },
            Changes = ["+ chrony:amd64 4.3"],
            Comparison = new ResultComparison(
                "base changed: ami-0123456789abcdef2 -> ami-0123456789abcdef1",
                [new ResultPart("base", "changed") { Detail = "ami-0123456789abcdef2 -> ami-0123456789abcdef1" }]
            )
            {
                Image = "ami-0123456789abcdef3",
            },
            Checks =
            [
                new ResultCheck("ports", "passed", 1)
                {
                    InstanceType = "t3.small",
                    Detail = "tcp/22",
                    Score = 87.5,
                    Failed = 3,
                },
            ],
            Provenance = new ResultProvenance($"sha256:{new string('b', 64)}"),
            Requests = [new ResultRequest("web", "nightly/web", "bake-0123456789abcdef")],
            Attempts = 2,
            Worker = "worker-1",
            Guest = "sandbox",
            ImageFiles = new Dictionary<string, string> { ["eu-central-1"] = "/data/ami.tar" },
            TraceId = "0af7651916cd43dd8448eb211c80319c",
            StartedAt = new DateTimeOffset(2030, 1, 1, 3, 0, 0, TimeSpan.Zero),
            FinishedAt = new DateTimeOffset(2030, 1, 1, 3, 12, 0, TimeSpan.Zero),
        };

    internal static BakeResult Small { get; } =
        new()
        {
            BakeId = "bake-0123456789abcdef",
            RequestId = "message-1",
            Recipe = "",
            Outcome = Outcome.Invalid,
            StartedAt = Full.StartedAt,
            FinishedAt = Full.FinishedAt,
        };

    [Fact]
    public void Result_Written_HasTheWireFormOfTheContract() =>
        BakeResultWriter
            .Write(
                Full with
                {
                    RecipeDigest = null,
                    Provenance = null,
                    Verdict = null,
                    Comparison = null,
                    Requests = null,
                    Checks = null,
                    Stages = [],
                    Failure = null,
                }
            )
            .Should()
            .Be(
                OneLine(
                    """
                    {"bakeId":"bake-0123456789abcdef","requestId":"ci-4711","recipe":"web","outcome":"rejected",
                    "images":{"eu-central-1":"ami-0123456789abcdef0"},"pointer":"/images/web/current","baseImage":"ami-0123456789abcdef1",
                    "stages":[],"findings":{"critical":1,"high":2,"medium":3,"low":4,"untriaged":5,"waived":6},
                    "changes":["+ chrony:amd64 4.3"],"attempts":2,"worker":"worker-1","guest":"sandbox",
                    "imageFiles":{"eu-central-1":"/data/ami.tar"},"traceId":"0af7651916cd43dd8448eb211c80319c",
                    "startedAt":"2030-01-01T03:00:00+00:00","finishedAt":"2030-01-01T03:12:00+00:00"}
                    """
                )
            );

    [Fact]
    public void Result_OfAnUnreadableRequest_LeavesOutWhatIsNotKnown() =>
        BakeResultWriter
            .Write(Small)
            .Should()
            .Be(
                OneLine(
                    """
                    {"bakeId":"bake-0123456789abcdef","requestId":"message-1","recipe":"","outcome":"invalid","images":{},"stages":[],
                    "attempts":1,"startedAt":"2030-01-01T03:00:00+00:00","finishedAt":"2030-01-01T03:12:00+00:00"}
                    """
                )
            );

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Result_WrittenAndRead_IsTheSame(bool indented) =>
        BakeResultReader.Read(BakeResultWriter.Write(Full, indented)).Should().BeEquivalentTo(Full);

    [Fact]
    public void Result_OfALaterVersion_IsReadWithoutItsNewFields() =>
        BakeResultReader
            .Read(BakeResultWriter.Write(Small).Replace("{\"bakeId\"", "{\"colour\":{\"x\":[1]},\"bakeId\""))
            .Should()
            .BeEquivalentTo(Small);

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"outcome":"won"}""")]
    public void Text_ThatIsNoResult_ReadsAsNone(string text) => BakeResultReader.Read(text).Should().BeNull();

    private static ResultWaiver Waiver(string vulnerability) =>
        new(vulnerability, "not built in", "a.lovelace", "2031-12-31") { Package = "openssl" };

    private static string OneLine(string json) => json.ReplaceLineEndings("");
}
