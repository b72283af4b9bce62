using BakeWorker.Core.Cloud;
using BakeWorker.Testing;

namespace BakeWorker.Tests.Commands;

public sealed class CancelCommandTests
{
    private const string Bake = "bake-00000000000000aa";

    [Fact]
    public async Task Cancel_OfABakeUnderWay_MarksItsInstances()
    {
        await using var account = await AccountAtWork.OpenAsync();
        var builder = await account.Plant.InstanceAsync(Planting.Tags(Bake, "builder", DateTimeOffset.MaxValue.AddDays(-2)));
        await account.Plant.InstanceAsync(Planting.Tags("bake-2", "builder", DateTimeOffset.MaxValue.AddDays(-2)));

        (await CancelAsync(account)).Should().Be(0);

        account.Output.Should().Be($"{Bake} is asked to stop: {builder} marked.");
        var tags = await account.Clients.Ec2.DescribeTagsAsync(
            new Amazon.EC2.Model.DescribeTagsRequest { Filters = [new("key", [ResourceTags.Cancel])] }
        );
        tags.Tags.Should().ContainSingle().Which.ResourceId.Should().Be(builder);
    }

    [Fact]
    public async Task Cancel_OfAnUnknownBake_SaysSoInOneSentence()
    {
        await using var account = await AccountAtWork.OpenAsync();

        (await CancelAsync(account)).Should().Be(2);

        account
            .ErrorLines.Should()
            .Equal($"bakeworker: no bake {Bake} is known in eu-central-1; 'bakeworker status' lists those that are.");
        account.Output.Should().BeEmpty();
    }

    [Fact]
    public async Task Cancel_OfAReleasedBake_IsRefusedInOneSentence()
    {
        await using var account = await AccountAtWork.OpenAsync();
        var (image, _) = await account.Plant.ImageAsync(
            new Dictionary<string, string>(Planting.Tags(Bake, "image", DateTimeOffset.UnixEpoch))
            {
                [ResourceTags.ReleasedAt] = "2026-01-01T00:00:00Z",
            }
        );

        (await CancelAsync(account)).Should().Be(2);

        account.ErrorLines.Should().Equal($"bakeworker: {Bake} is released as {image}; a released image is retired, not cancelled.");
    }

    private static Task<int> CancelAsync(AccountAtWork account) => account.RunAsync("cancel", Bake);
}
