using Amazon.SimpleSystemsManagement.Model;

namespace BakeWorker.LocalCloud.Tests.Ssm;

/// <summary>Which commands an instance had, among those of many others.</summary>
public sealed class CommandListTests : IAsyncDisposable
{
    private static readonly string[] Latest = ["c9", "c8", "c7", "c6", "c5", "c4", "c3", "c2", "c1"];
    private readonly CloudWorld _world = new();
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Commands_OfAnInstance_AreItsOwn_LatestFirst()
    {
        var (one, two, idle) = (await _world.LaunchAsync(), await _world.LaunchAsync(), await _world.LaunchAsync());
        await SendAsync("first", one);
        await SendAsync("both", one, two);
        await SendAsync("last", two);
        _world.PassSeconds(5);

        (await ListAsync(one)).Should().Equal("both", "first");
        (await ListAsync(two)).Should().Equal("last", "both");
        (await ListAsync(idle)).Should().BeEmpty();
        (await ListAsync(null)).Should().Equal("last", "both", "first");
        (await RowsAsync(one)).Should().Equal(("both", one), ("first", one));
        (await RowsAsync(two)).Should().Equal(("last", two), ("both", two));
        (await _world.Clients.Ssm.ListCommandInvocationsAsync(new ListCommandInvocationsRequest(), Ct))
            .CommandInvocations.Should()
            .HaveCount(4);
    }

    [Fact]
    public async Task Commands_OfAnInstance_AreShownByItsRegionOnly()
    {
        var one = await _world.LaunchAsync();
        await SendAsync("here", one);
        _world.PassSeconds(5);
        using var elsewhere = new Testing.LocalCloudClients(_world.Cloud, "us-east-1");

        (await elsewhere.Ssm.ListCommandsAsync(new ListCommandsRequest { InstanceId = one }, Ct)).Commands.Should().BeNullOrEmpty();
        (await ListAsync(one)).Should().Equal("here");
    }

    [Fact]
    public async Task Commands_OlderThanThirtyDays_AreForgotten_AndTheYoungerAreNot()
    {
        var (one, two) = (await _world.LaunchAsync(), await _world.LaunchAsync());
        await SendAsync("oldest", one, two);
        _world.Time.Advance(TimeSpan.FromDays(20));
        await SendAsync("younger", one);
        _world.PassSeconds(5);
        _world.Time.Advance(TimeSpan.FromDays(11));
        await SendAsync("newest", one);
        _world.PassSeconds(5);

        (await ListAsync(one)).Should().Equal("newest", "younger");
        (await ListAsync(two)).Should().BeEmpty();
        (await ListAsync(null)).Should().Equal("newest", "younger");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(9)]
    [InlineData(50)]
    public async Task Pages_HoldEveryCommandOnce_AndEndWhereTheyEnd(int size)
    {
        var one = await _world.LaunchAsync();
        foreach (var comment in Latest.Reverse())
        {
            await SendAsync(comment, one);
        }

        _world.PassSeconds(5);
        var (pages, token) = (new List<List<string>>(), (string?)null);
        do
        {
            var answer = await _world.Clients.Ssm.ListCommandsAsync(
                new ListCommandsRequest
                {
                    InstanceId = one,
                    MaxResults = size,
                    NextToken = token,
                },
                Ct
            );
            pages.Add([.. (answer.Commands ?? []).Select(command => command.Comment)]);
            token = answer.NextToken;
        } while (token is not null);

        pages.SelectMany(page => page).Should().Equal(Latest);
        pages.Should().HaveCount((Latest.Length + size - 1) / size, "no page is empty").And.OnlyContain(page => page.Count <= size);
    }

    private async Task SendAsync(string comment, params List<string> instances)
    {
        await _world.Clients.Ssm.SendCommandAsync(
            new SendCommandRequest("AWS-RunShellScript", instances)
            {
                Comment = comment,
                Parameters = new() { ["commands"] = ["true"] },
            },
            Ct
        );
        _world.PassSeconds(1);
    }

    private async Task<IEnumerable<string>> ListAsync(string? instance) =>
        ((await _world.Clients.Ssm.ListCommandsAsync(new ListCommandsRequest { InstanceId = instance }, Ct)).Commands ?? []).Select(
            command => command.Comment
        );

    private async Task<IEnumerable<(string Comment, string Instance)>> RowsAsync(string instance) =>
        (
            await _world.Clients.Ssm.ListCommandInvocationsAsync(new ListCommandInvocationsRequest { InstanceId = instance }, Ct)
        ).CommandInvocations.Select(row => (row.Comment, row.InstanceId));
}
