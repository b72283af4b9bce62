using Amazon.SQS.Model;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;

namespace BakeWorker.Aws.Tests.Sqs;

public sealed class BakeQueueTests : IDisposable
{
    private const string TraceParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private AwsWorld _world = new(options => options.ResultsQueue = "results");

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Receive_AfterSend_AnswersBodyCountTimesAndTrace() =>
        _world.Run(async () =>
        {
            await CreateAsync("bakes");
            var id = await SendAsync("{}");

            var message = (await ReceiveAsync()).Should().ContainSingle().Subject;

            message.MessageId.Should().Be(id);
            message.Body.Should().Be("{}");
            message.ReceiveCount.Should().Be(1);
            message.TraceParent.Should().Be(TraceParent);
            message.SentAt.Should().Be(_world.Time.GetUtcNow());
            message.ReceivedAt.Should().Be(_world.Time.GetUtcNow());
            _world.Aws.Queue.Name.Should().Be("bakes");
        });

    [Fact]
    public void Receive_EmptyQueue_WaitsLongAndAnswersNothing() =>
        _world.Run(async () =>
        {
            await CreateAsync("bakes");
            var start = _world.Time.GetUtcNow();

            (await ReceiveAsync()).Should().BeEmpty();

            (_world.Time.GetUtcNow() - start).Should().Be(TimeSpan.FromSeconds(20));
        });

    [Fact]
    public void Receive_XRayHeaderOnly_IsTheTrace() =>
        _world.Run(async () =>
        {
            var url = await CreateAsync("bakes");
            await _world.Clients.Sqs.SendMessageAsync(
                new SendMessageRequest
                {
                    QueueUrl = url,
                    MessageBody = "{}",
                    MessageSystemAttributes = new()
                    {
                        ["AWSTraceHeader"] = new()
                        {
                            DataType = "String",
                            StringValue = "Root=1-67891233-abcdef012345678912345678;Parent=53995c3f42cd8ad8;Sampled=1",
                        },
                    },
                },
                AwsWorld.Ct
            );

            (await ReceiveAsync()).Single().TraceParent.Should().Be("00-67891233abcdef012345678912345678-53995c3f42cd8ad8-01");
        });

    [Fact]
    public void Extend_MessagesPartlyLost_TellsThemApart() =>
        _world.Run(async () =>
        {
            await CreateAsync("bakes");
            for (var i = 0; i < 10; i++)
            {
                await SendAsync($"{{\"n\":{i}}}");
            }

            var held = await ReceiveAsync(visibility: 30);
            var forged = held[0] with { ReceiptHandle = "AQEB-not-a-handle" };
            await _world.Aws.Queue.RemoveAsync(held[1], AwsWorld.Ct);

            var beat = await _world.Aws.Queue.ExtendAsync([forged, .. held.Skip(1)], TimeSpan.FromMinutes(10), AwsWorld.Ct);

            beat.Gone.Should().Equal(forged.ReceiptHandle, held[1].ReceiptHandle);
            beat.Kept.Should().Equal(held.Skip(2).Select(message => message.ReceiptHandle));
            await Task.Delay(TimeSpan.FromSeconds(40), _world.Time, AwsWorld.Ct);
            (await ReceiveAsync())
                .Should()
                .ContainSingle("the other eight stay invisible for ten minutes")
                .Which.MessageId.Should()
                .Be(held[0].MessageId);
        });

    [Fact]
    public void Extend_MessagesThatSqsFailedToDo_AreNeitherKeptNorGone() =>
        _world.Run(async () =>
        {
            await CreateAsync("bakes");
            await SendAsync("{}");
            var held = await ReceiveAsync();
            _world.Wire.Answer(
                200,
                """{"Failed":[{"Id":"0","SenderFault":false,"Code":"InternalFailure"}],"Successful":[]}""",
                "application/x-amz-json-1.0"
            );

            var beat = await _world.Aws.Queue.ExtendAsync(held, TimeSpan.FromMinutes(10), AwsWorld.Ct);

            beat.Kept.Should().BeEmpty();
            beat.Gone.Should().BeEmpty();
        });

    [Fact]
    public void Release_AtOnce_HandsTheMessageOver() =>
        _world.Run(async () =>
        {
            await CreateAsync("bakes");
            await SendAsync("{}");
            var first = (await ReceiveAsync()).Single();

            await _world.Aws.Queue.ReleaseAsync(first, TimeSpan.Zero, AwsWorld.Ct);

            (await ReceiveAsync()).Single().ReceiveCount.Should().Be(2);
        });

    [Fact]
    public void RemoveAndRelease_MessageThatIsGone_Succeed() =>
        _world.Run(async () =>
        {
            await CreateAsync("bakes");
            await SendAsync("{}");
            var message = (await ReceiveAsync()).Single();

            await _world.Aws.Queue.RemoveAsync(message, AwsWorld.Ct);
            await _world.Aws.Queue.RemoveAsync(message, AwsWorld.Ct);
            await _world.Aws.Queue.ReleaseAsync(message, TimeSpan.Zero, AwsWorld.Ct);

            (await ReceiveAsync()).Should().BeEmpty();
        });

    [Fact]
    public void Bury_WithRedrivePolicy_CopiesTheMessageWithItsReason() =>
        _world.Run(async () =>
        {
            var dead = await CreateAsync("bakes-dead");
            await CreateAsync(
                "bakes",
                ("RedrivePolicy", """{"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:123456789012:bakes-dead","maxReceiveCount":5}""")
            );
            await SendAsync("not json");
            var message = (await ReceiveAsync()).Single();

            await _world.Aws.Queue.BuryAsync(message, FailureCodes.RequestMalformed, "it is\u0001 no JSON", AwsWorld.Ct);

            var buried = (await RawAsync(dead)).Should().ContainSingle().Subject;
            buried.Body.Should().Be("not json");
            buried.MessageAttributes["bakeworker-failure-code"].StringValue.Should().Be("request-malformed");
            buried.MessageAttributes["bakeworker-failure-reason"].StringValue.Should().Be("it is  no JSON");
            buried.MessageAttributes["bakeworker-original-message-id"].StringValue.Should().Be(message.MessageId);
            buried.MessageAttributes["traceparent"].StringValue.Should().Be(TraceParent);
            (await ReceiveAsync()).Should().BeEmpty();
        });

    [Fact]
    public void Bury_WithoutDeadLetterQueue_SaysSoAndLosesNothing() =>
        _world.Run(async () =>
        {
            await CreateAsync("bakes");
            await SendAsync("not json");

            var message = (await ReceiveAsync(visibility: 0)).Single();

            (await _world.Aws.Queue.BuryAsync(message, "request-malformed", "no JSON", AwsWorld.Ct)).Should().BeFalse();

            (await ReceiveAsync(visibility: 0)).Should().ContainSingle();
        });

    [Fact]
    public void Send_ToAFifoQueue_IsDeduplicatedByItsId()
    {
        _world.Dispose();
        _world = new AwsWorld(options => options.Queue = "bakes.fifo");
        _world.Run(async () =>
        {
            await CreateAsync("bakes.fifo", ("FifoQueue", "true"));

            await SendAsync("{}", "same");
            await SendAsync("{}", "same");
            await SendAsync("{}", "{other: 1}");

            (await ReceiveAsync()).Should().HaveCount(2);
        });
    }

    [Fact]
    public void Send_ToAStandardQueue_SharesItFairlyByOwner() =>
        _world.Run(async () =>
        {
            var url = await CreateAsync("bakes");
            await _world.Aws.Queue.SendAsync(Request("{}") with { Owner = "shop" }, AwsWorld.Ct);
            await _world.Aws.Queue.SendAsync(Request("{}") with { Owner = null }, AwsWorld.Ct);
            await _world.Aws.Queue.SendAsync(Request("{}"), AwsWorld.Ct);

            var sent = await _world.Clients.Sqs.ReceiveMessageAsync(
                new ReceiveMessageRequest(url) { MaxNumberOfMessages = 10, MessageSystemAttributeNames = ["All"] },
                AwsWorld.Ct
            );

            var groups = sent.Messages.ConvertAll(message => message.Attributes["MessageGroupId"]);
            groups[..2].Should().Equal("shop", "debian-12-base");
            groups[2].Should().MatchRegex("^[0-9a-f]{64}$", "SQS takes no spaces in it");
        });

    [Fact]
    public void SendAll_PartlyFailed_SendsTheRestAgain() =>
        _world.Run(async () =>
        {
            await CreateAsync("bakes");
            (await ReceiveAsync()).Should().BeEmpty();
            _world.Wire.Answer(
                200,
                """
                {"Failed":[{"Id":"1","SenderFault":false,"Code":"InternalError"}],
                "Successful":[{"Id":"0","MessageId":"m","MD5OfMessageBody":"4bb9e0de5005747b62cadb7fc69c584a"},
                {"Id":"2","MessageId":"n","MD5OfMessageBody":"fa3f212516c45c713781b9dae87824a9"}]}
                """,
                "application/x-amz-json-1.0"
            );

            await _world.Aws.Queue.SendAllAsync([Request("""{"n":0}"""), Request("""{"n":1}"""), Request("""{"n":2}""")], AwsWorld.Ct);

            (await ReceiveAsync()).Select(message => message.Body).Should().Equal("""{"n":1}""");
        });

    [Fact]
    public void SendAll_OfMoreThanACallTakes_IsSeveralCalls() =>
        _world.Run(async () =>
        {
            await CreateAsync("bakes");
            var large = new string('x', 60_000);

            await _world.Aws.Queue.SendAllAsync([.. Enumerable.Range(0, 7).Select(_ => Request(large))], AwsWorld.Ct);
            await _world.Aws.Queue.SendAllAsync([.. Enumerable.Range(0, 11).Select(i => Request($"{i}"))], AwsWorld.Ct);

            var received = 0;
            while (await ReceiveAsync() is { Count: > 0 } some)
            {
                received += some.Count;
            }

            received.Should().Be(18);
        });

    [Fact]
    public void SendAll_Refused_SaysWhy() =>
        _world.Run(async () =>
        {
            await CreateAsync("bakes", ("MaximumMessageSize", "1024"));

            var send = () => _world.Aws.Queue.SendAllAsync([Request(new string('x', 2000))], AwsWorld.Ct);

            (await send.Should().ThrowAsync<BakeFailedException>()).Which.Message.Should().Contain("must be shorter than 1024 bytes");
        });

    [Fact]
    public void Reply_GoesToTheResultsQueueAndToTheRequester() =>
        _world.Run(async () =>
        {
            await CreateAsync("bakes");
            var (results, mine) = (await CreateAsync("results"), await CreateAsync("mine"));

            await _world.Aws.Queue.AnnounceAsync("{\"outcome\":\"published\"}", "bake-1", AwsWorld.Ct);
            await _world.Aws.Queue.ReplyAsync("{\"outcome\":\"published\"}", "bake-1", mine, AwsWorld.Ct);
            await _world.Aws.Queue.ReplyAsync("{\"outcome\":\"published\"}", "bake-1", results, AwsWorld.Ct);

            (await RawAsync(results)).Should().ContainSingle().Which.Body.Should().Contain("published");
            (await RawAsync(mine)).Should().ContainSingle();
        });

    [Theory]
    [InlineData("https://evil.example/123456789012/mine")]
    [InlineData("mine")]
    public void Reply_ToAnAddressOutsideTheService_IsRefused(string replyTo) =>
        _world.Run(async () =>
        {
            await CreateAsync("bakes");
            await CreateAsync("results");

            var reply = () => _world.Aws.Queue.ReplyAsync("{}", "bake-1", replyTo, AwsWorld.Ct);

            (await reply.Should().ThrowAsync<BakeFailedException>()).Which.Code.Should().Be(FailureCodes.RequestInvalid);
            _world.Wire.Sent.Should().NotContain(sent => sent.Uri.Host == "evil.example");
        });

    [Fact]
    public void Receive_QueueThatDoesNotExist_SaysWhatToCheck() =>
        _world.Run(async () =>
        {
            var receive = () => ReceiveAsync();

            (await receive.Should().ThrowAsync<BakeFailedException>()).WithMessage(
                "*check the queue's name, Region and account in the settings."
            );
        });

    [Fact]
    public void Queue_WithoutASetting_SaysWhichOneIsMissing()
    {
        using var aws = AwsCloud.Create(new AwsOptions { Region = "eu-west-1" }, _world.Time, _world.Wire);

        aws.Invoking(cloud => cloud.Queue).Should().Throw<BakeFailedException>().WithMessage("no request queue is known*");
    }

    private Task<string> SendAsync(string body, string deduplicationId = "1") =>
        _world.Aws.Queue.SendAsync(Request(body, deduplicationId), AwsWorld.Ct);

    private static QueuedRequest Request(string body, string deduplicationId = "1") =>
        new(body, "debian-12-base", deduplicationId) { TraceParent = TraceParent, Owner = "platform team" };

    private Task<IReadOnlyList<QueueMessage>> ReceiveAsync(int visibility = 300) =>
        _world.Aws.Queue.ReceiveAsync(10, TimeSpan.FromSeconds(visibility), AwsWorld.Ct);

    private async Task<string> CreateAsync(string name, params (string Name, string Value)[] attributes)
    {
        var request = new CreateQueueRequest
        {
            QueueName = name,
            Attributes = attributes.ToDictionary(pair => pair.Name, pair => pair.Value),
        };
        return (await _world.Clients.Sqs.CreateQueueAsync(request, AwsWorld.Ct)).QueueUrl;
    }

    private async Task<List<Message>> RawAsync(string url)
    {
        var request = new ReceiveMessageRequest
        {
            QueueUrl = url,
            MaxNumberOfMessages = 10,
            MessageAttributeNames = ["All"],
        };
        return (await _world.Clients.Sqs.ReceiveMessageAsync(request, AwsWorld.Ct)).Messages ?? [];
    }
}
