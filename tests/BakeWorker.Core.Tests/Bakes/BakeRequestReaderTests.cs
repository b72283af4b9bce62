using BakeWorker.Core.Bakes;
using CsCheck;

namespace BakeWorker.Core.Tests.Bakes;

public sealed class BakeRequestReaderTests
{
    private const string Full = """
        { "recipe": "debian-12-base", "requestId": "ci-4711", "parameters": { "appVersion": "1.4.2", "count": 3.10, "debug": true },
          "reason": "ci", "requestedBy": "pipeline", "source": { "repository": "https://git.example/images", "revision": "4f2a9c1" },
          "ifChanged": true, "dryRun": true, "replyTo": "https://sqs.eu-west-1.amazonaws.com/111122223333/results.fifo" }
        """;

    private static readonly BakeRequest Expected = new()
    {
        Recipe = "debian-12-base",
        RequestId = "ci-4711",
        Parameters = new Dictionary<string, string>
        {
            ["appVersion"] = "1.4.2",
            ["count"] = "3.10",
            ["debug"] = "true",
        },
        Reason = "ci",
        RequestedBy = "pipeline",
        Source = new RequestSource("https://git.example/images", "4f2a9c1"),
        IfChanged = true,
        DryRun = true,
        ReplyTo = "https://sqs.eu-west-1.amazonaws.com/111122223333/results.fifo",
    };

    [Fact]
    public void Request_EveryFieldGiven_IsReadAsWritten() => Read(Full).Require().Should().BeEquivalentTo(Expected);

    [Fact]
    public void Request_WrittenByUs_ReadsBackTheSame() =>
        Read(BakeRequestWriter.Write(Expected)).Require().Should().BeEquivalentTo(Expected);

    [Fact]
    public void Request_OnlyARecipe_TakesTheMessageIdAndDefaults() =>
        Read("""{"recipe":"web"}""").Require().Should().BeEquivalentTo(new BakeRequest { Recipe = "web", RequestId = "message-1" });

    [Fact]
    public void Request_NullForOptionalFields_CountsAsAbsent() =>
        Read("""{"recipe":"web","requestId":null,"source":null,"replyTo":null}""")
            .Require()
            .Should()
            .BeEquivalentTo(new BakeRequest { Recipe = "web", RequestId = "message-1" });

    [Fact]
    public void Request_WrappedByEventBridge_IsReadFromItsDetail() =>
        Read("""{"version":"0","id":"x","detail-type":"bake","source":"ci","account":"111122223333","detail":{"recipe":"web"}}""")
            .Require()
            .Recipe.Should()
            .Be("web");

    [Theory]
    [InlineData("http://127.0.0.1:4566/000000000000/results")]
    [InlineData("http://localhost:4566/000000000000/results")]
    [InlineData("https://sqs.cn-north-1.amazonaws.com.cn/111122223333/a_b-c")]
    [InlineData("https://vpce-1a2b-sqs.eu-west-1.vpce.amazonaws.com/111122223333/results")]
    public void ReplyTo_QueueUrl_IsAccepted(string url) =>
        Read($$"""{"recipe":"web","replyTo":"{{url}}"}""").Require().ReplyTo.Should().Be(url);

    [Theory]
    [InlineData("", "request-malformed", "this is not JSON: ")]
    [InlineData("hello", "request-malformed", "this is not JSON: ")]
    [InlineData("""{"recipe":"web",}""", "request-malformed", "this is not JSON: ")]
    [InlineData("{\n  \"recipe\": web }", "request-malformed", "this is not JSON: 'w' is an invalid start of a value (line 2, column 13).")]
    [InlineData("[[[[[[[[[[[[[[[[[", "request-malformed", "this is not JSON: values are nested more than 16 deep (line 1, column 17).")]
    [InlineData("""{"recipe":"web"} {}""", "request-malformed", "this is not JSON: ")]
    [InlineData("""{"recipe":"web" /* so */}""", "request-malformed", "this is not JSON: ")]
    [InlineData("""{"recipe":"\ud800"}""", "request-malformed", "a text holds half of a surrogate pair; write whole characters.")]
    [InlineData(
        """["web"]""",
        "request-malformed",
        "the request is a list; send one JSON object, as in { \"recipe\": \"debian-12-base\" }."
    )]
    [InlineData("null", "request-malformed", "the request is empty; send one JSON object, as in { \"recipe\": \"debian-12-base\" }.")]
    [InlineData("{}", "request-invalid", "recipe is missing; add it, as in \"recipe\": \"debian-12-base\"")]
    [InlineData("""{"recipe":"web","recipee":1}""", "request-unknown-field", "recipee is not a field of a request; did you mean 'recipe'?")]
    [InlineData(
        """{"recipe":"web","dry_run":true}""",
        "request-unknown-field",
        "dry_run is not a field of a request; did you mean 'dryRun'?"
    )]
    [InlineData(
        """{"recipe":"web","colour":"red"}""",
        "request-unknown-field",
        "colour is not a field of a request; the fields are recipe, labels, spreadSeconds, requestId, parameters, reason, requestedBy, source, ifChanged, dryRun, replyTo."
    )]
    [InlineData(
        """{"recipe":"web","source":{"branch":"x"}}""",
        "request-unknown-field",
        "source.branch is not a field of a source; the fields are repository, revision."
    )]
    [InlineData("""{"recipe":"web","recipe":"db"}""", "request-invalid", "recipe is given twice, first in line 1; remove one of the two.")]
    [InlineData("""{"recipe":null}""", "request-invalid", "recipe is empty; write 3 to 64 characters")]
    [InlineData("""{"recipe":7}""", "request-invalid", "recipe is '7', which reads as a number; write 3 to 64 characters")]
    [InlineData("""{"recipe":"../etc"}""", "request-invalid", "recipe is '../etc', which does not fit; write 3 to 64 characters")]
    [InlineData("""{"recipe":"web\n"}""", "request-invalid", "recipe is 'web\\n', which holds a line break")]
    [InlineData(
        """{"recipe":"web","dryRun":"yes"}""",
        "request-invalid",
        "dryRun is 'yes', which is not true or false; write true or false, without quotes."
    )]
    [InlineData(
        """{"recipe":"web","dryRun":"true"}""",
        "request-invalid",
        "dryRun is 'true', which is not true or false; write true or false, without quotes."
    )]
    [InlineData(
        """{"recipe":"web","requestId":""}""",
        "request-invalid",
        "requestId is '', which is empty; write 1 to 128 printable ASCII characters"
    )]
    [InlineData(
        """{"recipe":"web","requestId":" x"}""",
        "request-invalid",
        "requestId is ' x', which does not fit; write 1 to 128 printable ASCII characters"
    )]
    [InlineData("""{"recipe":"web","parameters":["a"]}""", "request-invalid", "parameters is a list; write a map, as in { KEY: value }.")]
    [InlineData(
        """{"recipe":"web","parameters":{"a":[1]}}""",
        "request-invalid",
        "parameters.a is a list; write text, a number, true or false."
    )]
    [InlineData(
        """{"recipe":"web","parameters":{"a":1,"a":2}}""",
        "request-invalid",
        "parameters.a is given twice; remove one of the two."
    )]
    [InlineData(
        """{"recipe":"web","parameters":{"a b":1}}""",
        "request-invalid",
        "a key of parameters is 'a b', which does not fit; write 1 to 64 letters"
    )]
    [InlineData(
        """{"recipe":"web","replyTo":"results"}""",
        "request-invalid",
        "replyTo is 'results', which does not fit; write the URL of an SQS queue"
    )]
    [InlineData(
        """{"recipe":"web","replyTo":"https://evil.example/x?y=/111122223333/results"}""",
        "request-invalid",
        "replyTo is 'https://evil.example/x?y=/111122223333/results', which does not fit; write the URL of an SQS queue"
    )]
    public void Request_Wrong_IsRefusedWithOneSentence(string body, string code, string start)
    {
        var reading = Read(body);

        reading.Request.Should().BeNull();
        reading.Code.Should().Be(code);
        reading.Problems.Should().ContainSingle().Which.Message.Should().StartWith(start);
        reading.Invoking(r => r.Require()).Should().Throw<BakeFailedException>().Which.Kind.Should().Be(FailureKind.Invalid);
    }

    [Fact]
    public void Request_SeveralMistakes_AreAllToldAndWhatCouldBeReadIsKept()
    {
        var reading = Read("""{"recipe":"web","requestId":"ci-1","dryRun":1,"colour":2,"replyTo":"http://localhost:1/111122223333/q"}""");

        reading.Code.Should().Be(FailureCodes.RequestInvalid);
        reading.Problems.Should().HaveCount(2);
        (reading.Recipe, reading.RequestId, reading.ReplyTo).Should().Be(("web", "ci-1", "http://localhost:1/111122223333/q"));
    }

    [Fact]
    public void Request_TooLarge_IsRefusedUnread() =>
        Read($$"""{"recipe":"web","reason":"{{new string('x', 70_000)}}"}""").Problems[0].Message.Should().StartWith("the request has 70");

    [Fact]
    public void Request_NestedTooDeep_IsRefused() =>
        Read(string.Concat(Enumerable.Repeat("{\"a\":", 5000))).Code.Should().Be(FailureCodes.RequestMalformed);

    [Fact]
    public void Request_RandomlyEdited_NeverThrowsAndNeverPassesSilently() =>
        Gen.Select(Gen.Int[0, Full.Length - 1], Gen.Int[0, 12], Gen.String[Gen.Char["{}[]\",:\\u1tfn -\n\ud800"], 0, 4])
            .Sample(
                (at, length, text) =>
                {
                    var reading = Read(Full.Remove(at, Math.Min(length, Full.Length - at)).Insert(at, text));
                    (reading.Request is null).Should().Be(reading.Problems.Count > 0);
                },
                iter: 5000
            );

    private static RequestReading Read(string body) => BakeRequestReader.Read(body, "message-1");
}
