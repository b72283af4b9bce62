using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;

namespace BakeWorker.LocalCloud.Tests.Ssm;

public sealed class AgentTests : IAsyncDisposable
{
    private readonly CloudWorld _world = new();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Agent_OfABootedInstance_IsOnlineWithItsPlatform()
    {
        var id = await _world.LaunchAsync();

        var agent = (await DescribeAsync(id)).Should().ContainSingle().Subject;

        agent.PingStatus.Should().Be(PingStatus.Online);
        agent.PlatformType.Should().Be(PlatformType.Linux);
        agent.PlatformName.Should().Be("Amazon Linux");
        agent.PlatformVersion.Should().Be("2023");
        agent.ResourceType.Should().Be(ResourceType.EC2Instance);
        agent.AgentVersion.Should().MatchRegex(@"^3\.3\.\d+\.0$");
        agent.LastPingDateTime.Should().BeAfter(_world.Time.GetUtcNow().UtcDateTime.AddMinutes(-1));
    }

    [Fact]
    public async Task Agent_JustAfterTheBoot_IsNotThereYet()
    {
        _world.Scenario.Guest().BootTakes(TimeSpan.FromSeconds(15));
        var id = await _world.LaunchAsync();

        (await DescribeAsync(id)).Should().BeEmpty("it registers some ten seconds after the boot");
        _world.PassSeconds(10);

        (await DescribeAsync(id)).Should().ContainSingle();
    }

    [Theory]
    [InlineData(CloudWorld.AmazonLinux, false)]
    [InlineData(CloudWorld.Debian, true)]
    public async Task Agent_WithoutProfileOrAgent_NeverRegisters(string image, bool hasProfile)
    {
        var id = await _world.LaunchAsync(image, hasProfile);
        _world.Pass(TimeSpan.FromMinutes(10));

        (await DescribeAsync(id)).Should().BeEmpty();
    }

    [Fact]
    public async Task Agent_ThatDies_LooksOnlineUntilItMissedAPing()
    {
        _world.Scenario.Command("poison").LosesAgent();
        var id = await _world.LaunchAsync();
        await _world.Clients.Ssm.SendCommandAsync(
            new SendCommandRequest("AWS-RunShellScript", [id])
            {
                Comment = "poison",
                Parameters = new() { ["commands"] = ["true"] },
            },
            Ct
        );
        _world.PassSeconds(5);

        (await DescribeAsync(id)).Single().PingStatus.Should().Be(PingStatus.Online);
        var lastPing = (await DescribeAsync(id)).Single().LastPingDateTime;
        _world.Pass(TimeSpan.FromMinutes(7));

        var agent = (await DescribeAsync(id)).Single();
        agent.PingStatus.Should().Be(PingStatus.ConnectionLost);
        agent.LastPingDateTime.Should().Be(lastPing);
    }

    [Fact]
    public async Task Agent_OfAStoppedInstance_IsLeftOutUntilItRunsAgain()
    {
        var id = await _world.LaunchAsync();
        await _world.Clients.Ec2.StopInstancesAsync(new() { InstanceIds = [id] }, Ct);
        _world.PassSeconds(20);

        (await DescribeAsync(id)).Should().BeEmpty();
        await _world.Clients.Ec2.StartInstancesAsync(new() { InstanceIds = [id] }, Ct);
        _world.PassSeconds(30);

        (await DescribeAsync(id)).Single().PingStatus.Should().Be(PingStatus.Online);
    }

    [Fact]
    public async Task Describe_WithFilters_ShowsOnlyThose()
    {
        var linux = await _world.LaunchAsync(tags: ("team", "a"));
        var windows = await _world.LaunchAsync(CloudWorld.Windows, tags: ("team", "b"));

        (await IdsAsync(("PlatformTypes", "Windows"))).Should().Equal(windows);
        (await IdsAsync(("tag:team", "a"))).Should().Equal(linux);
        (await IdsAsync(("PingStatus", "ConnectionLost"))).Should().BeEmpty();
        await FluentActions.Awaiting(() => IdsAsync(("Colour", "red"))).Should().ThrowAsync<InvalidFilterKeyException>();
    }

    [Fact]
    public async Task Describe_OfManyInstances_ComesInPages()
    {
        for (var i = 0; i < 6; i++)
        {
            await _world.LaunchAsync();
        }

        var request = new DescribeInstanceInformationRequest { MaxResults = 5 };
        var first = await _world.Clients.Ssm.DescribeInstanceInformationAsync(request, Ct);
        request.NextToken = first.NextToken;
        var second = await _world.Clients.Ssm.DescribeInstanceInformationAsync(request, Ct);

        first.InstanceInformationList.Should().HaveCount(5);
        second.InstanceInformationList.Should().ContainSingle();
        second.NextToken.Should().BeNull();
        request.NextToken = "bogus";
        await FluentActions
            .Awaiting(() => _world.Clients.Ssm.DescribeInstanceInformationAsync(request, Ct))
            .Should()
            .ThrowAsync<InvalidNextTokenException>();
        request = new DescribeInstanceInformationRequest { MaxResults = Unchecked(4) };
        var refused = await FluentActions
            .Awaiting(() => _world.Clients.Ssm.DescribeInstanceInformationAsync(request, Ct))
            .Should()
            .ThrowAsync<AmazonSimpleSystemsManagementException>();
        refused.Which.ErrorCode.Should().Be("ValidationException");
    }

    private async Task<List<InstanceInformation>> DescribeAsync(string id)
    {
        var request = new DescribeInstanceInformationRequest { Filters = [new() { Key = "InstanceIds", Values = [id] }] };
        return (await _world.Clients.Ssm.DescribeInstanceInformationAsync(request, Ct)).InstanceInformationList ?? [];
    }

    private async Task<IEnumerable<string>> IdsAsync((string Key, string Value) filter)
    {
        var request = new DescribeInstanceInformationRequest { Filters = [new() { Key = filter.Key, Values = [filter.Value] }] };
        var list = (await _world.Clients.Ssm.DescribeInstanceInformationAsync(request, Ct)).InstanceInformationList ?? [];
        return list.Select(agent => agent.InstanceId);
    }

    /// <summary>Hides a wrong value from the SDK's analyzer: here the cloud is to refuse it.</summary>
    private static T Unchecked<T>(T value) => value;
}
