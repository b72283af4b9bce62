using BakeWorker.Core.Bakes;
using BakeWorker.Core.Pipeline;
using BakeWorker.Testing;

namespace BakeWorker.EndToEnd.Scripted;

/// <summary>Machines that end themselves when no worker does.</summary>
public sealed class OrphanTests : IDisposable
{
    private readonly Bakery _bakery = Bakery.Open();

    public void Dispose() => _bakery.Dispose();

    [Fact]
    public void Machines_OfABake_KnowWhenToEndAndWhatEndingMeans()
    {
        var end = _bakery.Time.GetUtcNow() + TimeSpan.FromHours(7);
        _bakery.Bake().Outcome.Should().Be(Outcome.Published);

        var guests = _bakery.Guests.Commands.Select(command => command.Guest).DistinctBy(guest => guest.InstanceId).ToList();
        guests.Should().HaveCount(2).And.OnlyContain(guest => guest.UserData.Contains($"left=$(({end.ToUnixTimeSeconds()} - "));
        guests.Select(guest => _bakery.Time.Run(() => ShutdownAsync(guest.InstanceId))).Should().Equal("stop", "terminate");
    }

    [Fact]
    public void Builder_ThatPowersItselfOffBeforeItsSeal_IsGoneWithItsDiskAlthoughNoWorkerComesBack()
    {
        _bakery.Scenario.Command("*/step/install/*").Hangs();
        _bakery.Time.Run(async () =>
        {
            using var death = new CancellationTokenSource(TimeSpan.FromMinutes(10), _bakery.Time);
            var bake = _bakery
                .Get<BakeIntake>()
                .Create(new BakeRequest { Recipe = "debian-12-base", RequestId = "test-1" }, _bakery.Recipe());
            var first = () => _bakery.Get<BakeRunner>().RunAsync(bake, NoObserver.Instance, true, death.Token);
            await first.Should().ThrowAsync<OperationCanceledException>();

            _bakery.Guests.Guests.Single().PowerOffItself();
            await Task.Delay(TimeSpan.FromMinutes(5), _bakery.Time);
        });

        _bakery.Cloud.Ec2.ListOwned().Should().BeEmpty();
    }

    [Fact]
    public void Timer_OfARecipeThatKeepsBuilders_WaitsForThatToo()
    {
        var end = _bakery.Time.GetUtcNow() + TimeSpan.FromHours(9);
        var recipe = _bakery.Recipe();

        _bakery.Bake(recipe with { Builder = recipe.Builder with { KeepFor = TimeSpan.FromHours(2) } });

        _bakery.Guests.Commands[0].Guest.UserData.Should().Contain($"left=$(({end.ToUnixTimeSeconds()} - ");
    }

    [Fact]
    public void Orphan_ThatPoweredItselfOff_IsNeverTakenForASealedBuilder()
    {
        _bakery.Scenario.Command("*/step/install/*").Hangs();
        var result = _bakery.Time.Run(async () =>
        {
            using var death = new CancellationTokenSource(TimeSpan.FromMinutes(10), _bakery.Time);
            var bake = _bakery
                .Get<BakeIntake>()
                .Create(new BakeRequest { Recipe = "debian-12-base", RequestId = "test-1" }, _bakery.Recipe());
            var first = () => _bakery.Get<BakeRunner>().RunAsync(bake, NoObserver.Instance, true, death.Token);
            await first.Should().ThrowAsync<OperationCanceledException>();
            _bakery.Guests.Guests.Single().PowerOffItself();
            _bakery.Scenario.Command("*/step/install/*").Takes(TimeSpan.FromMinutes(1));
            return await _bakery.BakeAsync();
        });

        result.Outcome.Should().Be(Outcome.Published, result.Failure?.Message);
        _bakery
            .Guests.Commands.Where(command => command.Script.Comment.EndsWith("step/install/1"))
            .Select(command => command.Guest.InstanceId)
            .Should()
            .OnlyHaveUniqueItems()
            .And.HaveCount(2);
    }

    private async Task<string> ShutdownAsync(string instance)
    {
        var seen = await _bakery.Clients.Ec2.DescribeInstanceAttributeAsync(
            new Amazon.EC2.Model.DescribeInstanceAttributeRequest
            {
                InstanceId = instance,
                Attribute = Amazon.EC2.InstanceAttributeName.InstanceInitiatedShutdownBehavior,
            }
        );
        return seen.InstanceAttribute.InstanceInitiatedShutdownBehavior;
    }
}
