using BakeWorker.Core.Binding;
using BakeWorker.Core.Recipes.Fields;
using static BakeWorker.Core.Bakes.Fields.ResultShapes;

namespace BakeWorker.Core.Bakes.Fields;

/// <summary>The fields of a result, for its schema and reference; a test holds them to <see cref="BakeResult"/>.</summary>
internal static class ResultFields
{
    private static readonly TextShape BakeId = new("text", "bake- and 16 hex digits", 21, "^bake-[0-9a-f]{16}$");
    private static readonly TextShape Digest = new("digest", "sha256: and 64 hex digits", 71, "^sha256:[0-9a-f]{64}$");
    private static readonly TextShape TraceId = new("trace id", "32 hex digits", 32, "^[0-9a-f]{32}$");
    private static readonly CountShape Count = new(0, int.MaxValue);

    private static readonly SectionShape Stage = Open(
        "a stage",
        Field.Required("name", Text, "Name of the stage.", "\"capture-image\""),
        Field.Required("result", Text, "success, failure (a gate said no), error, timeout or cancellation.", "\"success\""),
        Field.Required("startedAt", Instant, "When it began.", "\"2030-01-31T03:00:00+00:00\""),
        Field.Required("seconds", new NumberShape(), "How long it took.", "12.5")
    );

    private static readonly SectionShape Check = Open(
        "a check",
        Field.Required("name", Text, "agent, status-checks, failed-units, startup, ports, sysctl, sshd, hygiene, or a test.", "\"ports\""),
        Field.Required(
            "result",
            Text,
            "passed, failed, or not-applicable: it could not be made on a guest that is no whole machine.",
            "\"passed\""
        ),
        Field.Required("boot", new CountShape(1, int.MaxValue), "1, or 2 after the restart.", "1"),
        Field.Optional("instanceType", Text, "not known", "Type of the instance.", "\"t3.small\""),
        Field.Optional("detail", Text, "none", "What was seen.", "\"tcp/22\""),
        Field.Optional("score", new NumberShape(), "the test has none", "What a test scored of 100.", "87.5"),
        Field.Optional("failed", Count, "not told", "How much of what the test looked at had failed.", "3")
    );

    private static readonly SectionShape Findings = Open(
        "findings",
        Field.Required("critical", Count, "Critical findings.", "0"),
        Field.Required("high", Count, "High findings.", "0"),
        Field.Required("medium", Count, "Medium findings.", "3"),
        Field.Required("low", Count, "Low findings.", "7"),
        Field.Required("untriaged", Count, "Findings that nobody has rated.", "0"),
        Field.Required("waived", Count, "Waived findings; counted in their severity, too.", "1")
    );

    private static readonly SectionShape Finding = Open(
        "a finding",
        Field.Required("vulnerability", Text, "Its id.", "\"CVE-2026-12345\""),
        Field.Required("severity", Text, "Inspector's severity, in lower case.", "\"high\""),
        Field.Optional("package", Text, "not known", "The package that has it.", "\"libssl3\""),
        Field.Optional("version", Text, "not known", "The version in the image.", "\"3.0.11\""),
        Field.Optional("fix", Text, "there is none, or it is not known", "The version to update to.", "\"3.0.15-1~deb12u1\""),
        Field.Required("suppressed", Words.Flag, "Whether somebody suppressed it in Inspector.", "false")
    );

    private static readonly SectionShape Broken = Open(
        "a broken rule",
        Field.Required("rule", Text, "severity, known-exploit, epss, score or not-worse.", "\"severity\""),
        Field.Required("of", Text, "Whose rule it is: recipe or policy.", "\"policy\""),
        Field.Required("text", Text, "What there is, and what is allowed.", "\"2 findings of severity high, none allowed\""),
        Field.Required(
            "findings",
            new ListShape<Section>(Finding, 0, ResultBrokenRule.MostFindings),
            "The findings that break it, worst first.",
            "[{ \"vulnerability\": \"CVE-2026-12345\", \"severity\": \"high\", \"suppressed\": false }]"
        )
    );

    private const string WaiverExample =
        "[{ \"vulnerability\": \"CVE-2026-12345\", \"reason\": \"not built in\", \"approvedBy\": \"a.lovelace\", \"expires\": \"2031-12-31\" }]";

    private static readonly SectionShape Waiver = Open(
        "a waiver",
        Field.Required("vulnerability", Text, "What is accepted.", "\"CVE-2026-12345\""),
        Field.Optional("package", Text, "in any package", "In which package.", "\"openssl\""),
        Field.Required("reason", Text, "Why.", "\"The vulnerable cipher is not built in\""),
        Field.Required("approvedBy", Text, "By whom.", "\"a.lovelace\""),
        Field.Required("expires", Text, "The last day on which it holds.", "\"2031-12-31\"")
    );

    private static readonly SectionShape Verdict = Open(
        "a verdict",
        Field.Required("passed", Words.Flag, "Whether no rule is broken.", "true"),
        Field.Required("broken", new ListShape<Section>(Broken, 0, int.MaxValue), "The rules that are broken.", "[]"),
        Field.Required("waived", Waivers(), "Waivers that let something through.", WaiverExample),
        Field.Required("expired", Waivers(), "Waivers that ended, of findings that reject the image.", WaiverExample),
        Field.Required("unused", Waivers(), "Waivers of what was not found: remove them.", WaiverExample),
        Field.Required("suppressed", Count, "Findings that somebody suppressed in Inspector.", "0")
    );

    private static readonly SectionShape Request = Open(
        "a request",
        Field.Required("recipe", Text, "Its recipe.", "\"debian-12-base\""),
        Field.Required(
            "requestId",
            Text,
            "Its id, made of that of the request for many and the recipe.",
            "\"nightly-20300131/debian-12-base\""
        ),
        Field.Required("bakeId", BakeId, "Its bake.", "\"bake-0123456789abcdef\"")
    );

    private static readonly SectionShape Provenance = Open(
        "a provenance",
        Field.Required("digest", Digest, "Digest of the proof that belongs to the image.", $"\"sha256:{new string('0', 64)}\"")
    );

    public static readonly SectionShape Shape = Open(
        "a result",
        Field.Required(
            "bakeId",
            BakeId,
            "Identifies the bake. Results come at least once: dedupe by bakeId and attempts.",
            "\"bake-0123456789abcdef\""
        ),
        Field.Required("requestId", Text, "The request's id, or its SQS message id.", "\"ci-4711\""),
        Field.Required("recipe", Text, "Name of the recipe; empty when the request named none.", "\"debian-12-base\""),
        Field.Optional(
            "recipeDigest",
            Digest,
            "the recipe was not read",
            "Digest of the recipe and every file it uses.",
            $"\"sha256:{new string('0', 64)}\""
        ),
        Field.Required(
            "outcome",
            new ChoiceShape<Outcome>([.. Enum.GetValues<Outcome>().Select(o => (o.ToString().ToLowerInvariant(), o))]),
            "How the request ended.",
            "\"published\""
        ),
        Field.Required("images", Map(Text), "Published image by Region.", "{ \"eu-central-1\": \"ami-0123456789abcdef0\" }"),
        Field.Optional(
            "pointer",
            Text,
            "none was written",
            "The SSM parameter that now points at the image.",
            "\"/images/debian-12-base/current\""
        ),
        Field.Optional("baseImage", Text, "it was not resolved", "The AMI the bake started from.", "\"ami-0123456789abcdef0\""),
        Field.Optional(
            "failure",
            FailureFields.Shape,
            "nothing failed",
            "What failed, where, and who must act.",
            "{ \"code\": \"step-failed\", \"message\": \"…\", \"actor\": \"recipe author\", \"retryable\": false }"
        ),
        Field.Required("stages", new ListShape<Section>(Stage, 0, int.MaxValue), "Stages of the last attempt.", "[]"),
        Field.Optional(
            "findings",
            Findings,
            "nothing was scanned",
            "Findings by severity.",
            "{ \"critical\": 0, \"high\": 0, \"medium\": 3, \"low\": 7, \"untriaged\": 0, \"waived\": 1 }"
        ),
        Field.Optional(
            "verdict",
            Verdict,
            "the image was not judged",
            "What the gate made of the findings: which rule, which findings, which fix.",
            "{ \"passed\": true, \"broken\": [], \"waived\": [], \"expired\": [], \"unused\": [], \"suppressed\": 0 }"
        ),
        Field.Optional(
            "changes",
            new ListShape<string>(Text, 0, int.MaxValue),
            "not known",
            "Packages that came (+), went (-) or changed (~).",
            "[\"~ openssl:amd64 3.0.14 -> 3.0.15\"]"
        ),
        Field.Optional(
            "comparison",
            ComparisonFields.Shape,
            "the request said no ifChanged",
            "How it compared with the image in use.",
            "{ \"image\": \"ami-0123456789abcdef0\", \"text\": \"nothing changed since ami-0123456789abcdef0\", \"parts\": [] }"
        ),
        Field.Optional(
            "checks",
            new ListShape<Section>(Check, 0, int.MaxValue),
            "no instance of the image booted",
            "What was looked at on instances of the image.",
            "[{ \"name\": \"ports\", \"result\": \"passed\", \"boot\": 1, \"detail\": \"tcp/22\" }]"
        ),
        Field.Optional(
            "provenance",
            Provenance,
            "none",
            "The proof that belongs to the image.",
            $"{{ \"digest\": \"sha256:{new string('0', 64)}\" }}"
        ),
        Field.Optional(
            "requests",
            new ListShape<Section>(Request, 0, int.MaxValue),
            "it was for one recipe",
            "What a request for many recipes has become; each is answered by itself.",
            "[{ \"recipe\": \"debian-12-base\", \"requestId\": \"nightly/debian-12-base\", \"bakeId\": \"bake-0123456789abcdef\" }]"
        ),
        Field.Required("attempts", new CountShape(1, int.MaxValue), "Deliveries of the request, this one included.", "1"),
        Field.Optional("worker", Text, "not known", "The worker that ended the bake.", "\"worker-1\""),
        Field.Optional("guest", Text, "AWS", "What instances really were: scripted, sandbox or vm.", "\"sandbox\""),
        Field.Optional(
            "imageFiles",
            Map(Text),
            "AWS",
            "Where LocalCloud keeps the image, by Region.",
            "{ \"eu-central-1\": \"/data/images/ami-0123456789abcdef0.tar.zst\" }"
        ),
        Field.Optional("traceId", TraceId, "not traced", "Trace of the bake.", "\"0af7651916cd43dd8448eb211c80319c\""),
        Field.Required("startedAt", Instant, "When the last attempt began.", "\"2030-01-31T03:00:00+00:00\""),
        Field.Required("finishedAt", Instant, "When it ended.", "\"2030-01-31T03:12:00+00:00\"")
    );

    private static ListShape<Section> Waivers() => new(Waiver, 0, int.MaxValue);

    private static MapShape<string> Map(TextShape value) => new(Words.Region, value, int.MaxValue);
}
