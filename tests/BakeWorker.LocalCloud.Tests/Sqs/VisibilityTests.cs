using Amazon.SQS;
using Amazon.SQS.Model;

namespace BakeWorker.LocalCloud.Tests.Sqs;

public sealed class VisibilityTests : IAsyncLifetime
{
    private readonly SqsWorld _world = new();
    private string _url = "";

    public async ValueTask InitializeAsync()
    {
        _url = await _world.QueueAsync();
        await _world.SendAsync(_url, "body");
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Message_Received_IsHiddenUntilItsTimeoutEnds()
    {
        await _world.ReceiveOneAsync(_url);

        _world.Time.Advance(TimeSpan.FromSeconds(29));
        (await _world.ReceiveAsync(_url)).Should().BeEmpty();
        _world.Time.Advance(TimeSpan.FromSeconds(1));
        (await _world.ReceiveAsync(_url)).Should().ContainSingle();
    }

    [Fact]
    public async Task Message_Extended_StaysHiddenFromTheCallOn()
    {
        var message = await _world.ReceiveOneAsync(_url);
        _world.Time.Advance(TimeSpan.FromSeconds(20));
        await _world.Sqs.ChangeMessageVisibilityAsync(_url, message.ReceiptHandle, 30);

        _world.Time.Advance(TimeSpan.FromSeconds(29));
        (await _world.ReceiveAsync(_url)).Should().BeEmpty();
        _world.Time.Advance(TimeSpan.FromSeconds(1));
        (await _world.ReceiveAsync(_url)).Should().ContainSingle();
    }

    [Fact]
    public async Task Message_GivenBack_IsThereAtOnce()
    {
        var message = await _world.ReceiveOneAsync(_url);

        await _world.Sqs.ChangeMessageVisibilityAsync(_url, message.ReceiptHandle, 0);

        (await _world.ReceiveOneAsync(_url)).MessageId.Should().Be(message.MessageId);
    }

    [Fact]
    public async Task Message_Deleted_NeverComesBack()
    {
        var message = await _world.ReceiveOneAsync(_url);

        await _world.Sqs.DeleteMessageAsync(_url, message.ReceiptHandle);
        await _world.Sqs.DeleteMessageAsync(_url, message.ReceiptHandle);

        _world.Time.Advance(TimeSpan.FromMinutes(1));
        (await _world.ReceiveAsync(_url)).Should().BeEmpty();
    }

    [Fact]
    public async Task Message_DeletedWithAnOldHandle_StaysWithItsNewReceiver()
    {
        var old = await _world.ReceiveOneAsync(_url, visibility: 0);
        await _world.ReceiveOneAsync(_url);

        await _world.Sqs.DeleteMessageAsync(_url, old.ReceiptHandle);

        _world.Time.Advance(TimeSpan.FromSeconds(30));
        (await _world.ReceiveAsync(_url)).Should().ContainSingle();
    }

    [Fact]
    public async Task Message_ThatIsVisibleAgain_CannotBeExtended()
    {
        var message = await _world.ReceiveOneAsync(_url);
        _world.Time.Advance(TimeSpan.FromSeconds(30));

        var extend = () => _world.Sqs.ChangeMessageVisibilityAsync(_url, message.ReceiptHandle, 60);

        (await extend.Should().ThrowAsync<MessageNotInflightException>())
            .Which.ErrorCode.Should()
            .Be("AWS.SimpleQueueService.MessageNotInflight");
    }

    [Fact]
    public async Task Message_DeletedOrTakenByAnother_CannotBeExtended()
    {
        var message = await _world.ReceiveOneAsync(_url, visibility: 0);
        var taken = await _world.ReceiveOneAsync(_url);
        var extend = () => _world.Sqs.ChangeMessageVisibilityAsync(_url, message.ReceiptHandle, 60);

        (await extend.Should().ThrowAsync<AmazonSQSException>()).Which.ErrorCode.Should().Be("InvalidParameterValue");
        await _world.Sqs.DeleteMessageAsync(_url, taken.ReceiptHandle);
        (await extend.Should().ThrowAsync<AmazonSQSException>()).Which.ErrorCode.Should().Be("InvalidParameterValue");
    }

    [Fact]
    public async Task Message_HeldForTwelveHours_CannotBeHeldLonger()
    {
        var message = await _world.ReceiveOneAsync(_url, visibility: 6 * 3600);
        _world.Time.Advance(TimeSpan.FromHours(5));
        var tooLong = () => _world.Sqs.ChangeMessageVisibilityAsync(_url, message.ReceiptHandle, (7 * 3600) + 1);

        (await tooLong.Should().ThrowAsync<AmazonSQSException>()).Which.ErrorCode.Should().Be("InvalidParameterValue");
        await _world.Sqs.ChangeMessageVisibilityAsync(_url, message.ReceiptHandle, 7 * 3600);

        _world.Time.Advance(TimeSpan.FromHours(7) - TimeSpan.FromSeconds(1));
        (await _world.ReceiveAsync(_url)).Should().BeEmpty();
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("AQEBbm9uc2Vuc2U=")]
    public async Task Handle_ThatNeverWasOne_IsInvalid(string handle)
    {
        var delete = () => _world.Sqs.DeleteMessageAsync(_url, handle);
        var extend = () => _world.Sqs.ChangeMessageVisibilityAsync(_url, handle, 1);

        await delete.Should().ThrowAsync<ReceiptHandleIsInvalidException>();
        await extend.Should().ThrowAsync<ReceiptHandleIsInvalidException>();
    }

    [Fact]
    public async Task Batches_OfDeletesAndExtensions_SucceedAndFailEntryByEntry()
    {
        await _world.SendAsync(_url, "second");
        var messages = await _world.ReceiveAsync(_url);

        var extended = await _world.Sqs.ChangeMessageVisibilityBatchAsync(
            _url,
            [
                new("a", messages[0].ReceiptHandle) { VisibilityTimeout = 100 },
                new("b", messages[1].ReceiptHandle) { VisibilityTimeout = 43_201 },
            ]
        );
        var deleted = await _world.Sqs.DeleteMessageBatchAsync(_url, [new("a", messages[0].ReceiptHandle), new("b", "nonsense")]);

        extended.Successful.Should().ContainSingle().Which.Id.Should().Be("a");
        extended.Failed.Should().ContainSingle().Which.Code.Should().Be("InvalidParameterValue");
        deleted.Successful.Should().ContainSingle().Which.Id.Should().Be("a");
        deleted.Failed.Should().ContainSingle().Which.Code.Should().Be("ReceiptHandleIsInvalid");
        _world.Time.Advance(TimeSpan.FromSeconds(30));
        (await _world.ReceiveOneAsync(_url)).Body.Should().Be("second");
    }

    [Theory]
    [InlineData(0, 0, null)]
    [InlineData(11, 0, null)]
    [InlineData(1, 21, null)]
    [InlineData(1, 0, 43_201)]
    public async Task Receive_OutsideItsRanges_IsRefused(int max, int wait, int? visibility)
    {
        var act = () => _world.ReceiveAsync(_url, max, wait, visibility);

        (await act.Should().ThrowAsync<AmazonSQSException>()).Which.ErrorCode.Should().Be("InvalidParameterValue");
    }
}
