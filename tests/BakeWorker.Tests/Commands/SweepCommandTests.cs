using BakeWorker.Core.Cloud;
using BakeWorker.Testing;

namespace BakeWorker.Tests.Commands;

public sealed class SweepCommandTests
{
    private const string Bake = "bake-00000000000000dd";
    private static readonly DateTimeOffset LongAgo = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Sweep_WithoutApply_SaysWhatItWouldRemoveAndChangesNothing()
    {
        await using var account = await AccountAtWork.OpenAsync();
        var orphan = await account.Plant.InstanceAsync(Planting.Tags(Bake, "builder", LongAgo));
        var stranger = await account.Plant.InstanceAsync();

        (await SweepAsync(account)).Should().Be(0);

        account.Output.Should().StartWith($"remove  instance {orphan} in eu-central-1 of {Bake}: ").And.NotContain(stranger);
        account.ErrorLines.Should().Contain("1 thing without an owner; 'bakeworker sweep --apply' removes it.");
        (await account.Plant.AllAsync()).Should().BeEquivalentTo(orphan, stranger);
    }

    [Fact]
    public async Task Sweep_WithApply_RemovesItAndLeavesTheStranger()
    {
        await using var account = await AccountAtWork.OpenAsync();
        var orphan = await account.Plant.InstanceAsync(Planting.Tags(Bake, "builder", LongAgo));
        var stranger = await account.Plant.InstanceAsync();

        (await SweepAsync(account, "--apply")).Should().Be(0);

        account.Output.Should().StartWith($"removed instance {orphan}");
        (await account.Plant.AllAsync()).Should().Equal(stranger);
        (await SweepAsync(account, "--apply")).Should().Be(0);
        account.ErrorLines.Should().Contain("nothing is without an owner; 0 things of ours seen.");
    }

    [Fact]
    public async Task Sweep_All_ShowsWhatIsKeptAndWhy()
    {
        await using var account = await AccountAtWork.OpenAsync();
        var kept = await account.Plant.InstanceAsync(
            new Dictionary<string, string>(Planting.Tags(Bake, "builder", LongAgo)) { [ResourceTags.KeepUntil] = "2999-01-01T00:00:00Z" }
        );

        await SweepAsync(account);
        account.Output.Should().BeEmpty();
        await SweepAsync(account, "--all");

        account.Output.Should().StartWith($"keep    instance {kept}").And.Contain("is kept for debugging until 2999-01-01");
    }

    [Fact]
    public async Task Sweep_Json_IsOneDocumentWithEveryItem()
    {
        await using var account = await AccountAtWork.OpenAsync();
        var orphan = await account.Plant.InstanceAsync(Planting.Tags(Bake, "tester", LongAgo));
        var alive = await account.Plant.InstanceAsync(Planting.Tags("bake-2", "builder", DateTimeOffset.MaxValue.AddDays(-2)));

        (await SweepAsync(account, "--apply", "--json")).Should().Be(0);

        account.Json.GetProperty("applied").GetBoolean().Should().BeTrue();
        Action(account, orphan).Should().Be("removed");
        Action(account, alive).Should().Be("keep");
    }

    [Fact]
    public async Task Sweep_OfSomethingThatCannotBeRemoved_EndsWithOne()
    {
        await using var account = await AccountAtWork.OpenAsync();
        var (image, _) = await account.Plant.ImageAsync(Planting.Tags(Bake, "image", LongAgo));
        await account.Clients.Ec2.EnableImageDeregistrationProtectionAsync(
            new Amazon.EC2.Model.EnableImageDeregistrationProtectionRequest { ImageId = image }
        );

        (await SweepAsync(account, "--apply")).Should().Be(1);

        account.Output.Should().StartWith($"left    image    {image}");
    }

    private static string Action(AccountAtWork account, string id) =>
        account
            .Json.GetProperty("items")
            .EnumerateArray()
            .Single(item => item.GetProperty("id").GetString() == id)
            .GetProperty("action")
            .GetString()!;

    private static Task<int> SweepAsync(AccountAtWork account, params string[] arguments) =>
        account.RunAsync(["sweep", "--set", "Sweep:Young=0s", .. arguments]);
}
