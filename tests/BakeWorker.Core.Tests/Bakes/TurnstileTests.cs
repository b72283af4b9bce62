using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;

namespace BakeWorker.Core.Tests.Bakes;

/// <summary>Two queues that have more than there is room for.</summary>
public sealed class TurnstileTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Turns_WhileBothAsk_AreByWeight()
    {
        var room = new Turnstile(1, weight: 4);
        (await room.TakeAsync(Lane.Requests, 10, Ct)).Should().Be(1);
        var turns = new List<Lane>();

        var requests = room.TakeAsync(Lane.Requests, 10, Ct);
        var nightly = room.TakeAsync(Lane.Nightly, 10, Ct);
        for (var turn = 0; turn < 20; turn++)
        {
            room.Return();
            if (await Task.WhenAny(requests, nightly) == requests)
            {
                turns.Add(Lane.Requests);
                requests = room.TakeAsync(Lane.Requests, 10, Ct);
            }
            else
            {
                turns.Add(Lane.Nightly);
                nightly = room.TakeAsync(Lane.Nightly, 10, Ct);
            }
        }

        turns
            .Chunk(5)
            .Should()
            .AllSatisfy(five => five.Should().Equal(Lane.Requests, Lane.Requests, Lane.Requests, Lane.Requests, Lane.Nightly));
    }

    [Fact]
    public async Task Turn_ThatBroughtNothing_IsTheOthers()
    {
        var room = new Turnstile(1, weight: 4);
        await room.TakeAsync(Lane.Requests, 10, Ct);
        var nightly = room.TakeAsync(Lane.Nightly, 10, Ct);

        room.ReturnUnused(Lane.Requests, 1, gotNone: true);

        (await nightly).Should().Be(1);
        room.IsShort.Should().BeTrue();
    }

    [Fact]
    public async Task Room_ForMany_IsHalvedBetweenTwoQueuesAndGivenWholeToOne()
    {
        var shared = new Turnstile(20, weight: 4);
        (await shared.TakeAsync(Lane.Requests, 10, Ct)).Should().Be(10);
        (await shared.TakeAsync(Lane.Nightly, 10, Ct)).Should().Be(5);
        shared.IsShort.Should().BeFalse();

        (await new Turnstile(7, weight: null).TakeAsync(Lane.Requests, 10, Ct)).Should().Be(7);
    }

    [Fact]
    public async Task Wait_GivenUp_LeavesTheRoomToOthers()
    {
        var room = new Turnstile(1, weight: 4);
        await room.TakeAsync(Lane.Requests, 10, Ct);
        using var stop = new CancellationTokenSource();
        var given = room.TakeAsync(Lane.Nightly, 10, stop.Token);
        await stop.CancelAsync();
        await given.Invoking(task => task).Should().ThrowAsync<OperationCanceledException>();

        room.Return();

        (await room.TakeAsync(Lane.Requests, 10, Ct)).Should().Be(1);
    }
}
