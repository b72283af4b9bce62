using Amazon.EC2.Model;
using BakeWorker.LocalCloud.Ec2.Requests;

namespace BakeWorker.LocalCloud.Tests.Ec2;

public sealed class FilterTests : IAsyncDisposable
{
    private readonly Ec2World _world = new();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData("debian-*", "debian-12", true)]
    [InlineData("debian-1?", "debian-12", true)]
    [InlineData("debian-1?", "debian-1", false)]
    [InlineData("Debian-*", "debian-12", false)]
    [InlineData("*a*b*", "xxaxxbxx", true)]
    [InlineData("*a*b", "ab-ab-a", false)]
    [InlineData(@"a\*b", "a*b", true)]
    [InlineData(@"a\*b", "axb", false)]
    [InlineData("*", "", true)]
    public void Wildcard_Pattern_MatchesAsEc2Does(string pattern, string text, bool matches)
    {
        Wildcard.Matches(pattern, text).Should().Be(matches);
    }

    [Fact]
    public async Task Filters_OfOneCall_AllMatchWhileOneValueIsEnough()
    {
        var wanted = await TaggedAsync("builder", "bake-1");
        await TaggedAsync("tester", "bake-1");
        await TaggedAsync("builder", "bake-2");

        var found = await FindAsync(new("tag:role", ["builder", "nobody"]), new("tag:bake", ["bake-1"]), new("tag-key", ["bake"]));

        found.Should().Equal(wanted);
    }

    [Theory]
    [InlineData("web", "app", "db")]
    [InlineData("app", "web", "db")]
    [InlineData("db", "app", "web")]
    [InlineData("w?b", "app", "db")]
    [InlineData("app", "we*b", "none")]
    public async Task Filter_WithSeveralValues_FindsWhatAnyOfThemNames(params string[] values)
    {
        var web = await TaggedAsync("web", "bake-1");
        await TaggedAsync("Web", "bake-2");
        await TaggedAsync("webs", "bake-3");

        (await FindAsync(new Filter("tag:role", [.. values]))).Should().Equal(web);
    }

    [Theory]
    [InlineData(@"a\*b", "a*b")]
    [InlineData(@"a\?b", "a?b")]
    [InlineData(@"a\\b", @"a\b")]
    public async Task Filter_WithABackslash_FindsTheCharacterItself(string value, string role)
    {
        var wanted = await TaggedAsync(role, "bake-1");
        await TaggedAsync("axb", "bake-2");

        (await FindAsync(new Filter("tag:role", [value]))).Should().Equal(wanted);
    }

    [Fact]
    public async Task Filter_WithTwoHundredIds_FindsThemAll()
    {
        var wanted = new List<string>();
        for (var count = 0; count < 3; count++)
        {
            wanted.Add((await _world.LaunchAsync()).InstanceId);
        }

        await _world.LaunchAsync();
        var others = Enumerable.Range(0, 197).Select(number => $"i-{number:x17}").ToList();

        var found = await FindAsync(new Filter("instance-id", [wanted[0], .. others.Take(100), wanted[1], .. others.Skip(100), wanted[2]]));

        found.Should().BeEquivalentTo(wanted);
    }

    [Fact]
    public async Task Filter_Unknown_IsRefused()
    {
        var refusal = await FindAsync(new Filter("colour", ["red"])).RefusedAsync("InvalidParameterValue");

        refusal.Message.Should().Be("The filter 'colour' is invalid");
    }

    [Fact]
    public async Task Filter_WithTooManyValues_IsRefused()
    {
        var values = Enumerable.Range(0, 201).Select(number => $"i-{number}").ToList();

        await FindAsync(new Filter("instance-id", values)).RefusedAsync("FilterLimitExceeded");
    }

    [Fact]
    public async Task Pages_OfInstances_SurviveThatOthersComeAndGo()
    {
        await _world.Ec2.RunInstancesAsync(_world.Order(order => (order.MinCount, order.MaxCount) = (12, 12)));
        var first = await _world.Ec2.DescribeInstancesAsync(new DescribeInstancesRequest { MaxResults = 5 });
        await _world.LaunchAsync();
        var second = await _world.Ec2.DescribeInstancesAsync(new DescribeInstancesRequest { MaxResults = 10, NextToken = first.NextToken });

        first.Reservations.SelectMany(reservation => reservation.Instances).Should().HaveCount(5);
        second.Reservations.SelectMany(reservation => reservation.Instances).Should().HaveCount(8);
        second.NextToken.Should().BeNull();
    }

    [Fact]
    public async Task MaxResults_OutOfRangeOrWithIds_IsRefused()
    {
        var id = (await _world.LaunchAsync()).InstanceId;

        await _world.Ec2.DescribeInstancesAsync(new DescribeInstancesRequest { MaxResults = 4 }).RefusedAsync("InvalidParameterValue");
        await _world
            .Ec2.DescribeInstancesAsync(new DescribeInstancesRequest { MaxResults = 5, InstanceIds = [id] })
            .RefusedAsync("InvalidParameterCombination");
        await _world.Ec2.DescribeInstancesAsync(new DescribeInstancesRequest { NextToken = "made-up" }).RefusedAsync("InvalidNextToken");
    }

    private async Task<string> TaggedAsync(string role, string bake)
    {
        var instance = await _world.LaunchAsync(order =>
            order.TagSpecifications = [
                new() { ResourceType = Amazon.EC2.ResourceType.Instance, Tags = [new("role", role), new("bake", bake)] },
            ]
        );
        return instance.InstanceId;
    }

    private async Task<List<string>> FindAsync(params List<Filter> filters)
    {
        var answer = await _world.Ec2.DescribeInstancesAsync(new DescribeInstancesRequest { Filters = filters });
        return answer.Reservations.SelectMany(reservation => reservation.Instances).Select(instance => instance.InstanceId).ToList();
    }
}
