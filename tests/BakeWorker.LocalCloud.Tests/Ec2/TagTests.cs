using Amazon.EC2.Model;

namespace BakeWorker.LocalCloud.Tests.Ec2;

public sealed class TagTests : IAsyncDisposable
{
    private readonly Ec2World _world = new();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Tags_CreatedAndDeleted_AreSeenByTheMachineToo()
    {
        var id = (await _world.RunAsync()).InstanceId;

        await _world.Ec2.CreateTagsAsync(new CreateTagsRequest([id], [new("cancel", "please"), new("keep", "1")]));
        _world.Cloud.Ec2.Find(Ec2World.Home, id)!.Tags.Should().Contain("cancel", "please");
        await _world.Ec2.DeleteTagsAsync(new DeleteTagsRequest { Resources = [id], Tags = [new("cancel", "other"), new("keep", "1")] });

        (await _world.ReadAsync(id)).Tags.Single().Key.Should().Be("cancel", "a tag with another value stays");
    }

    [Fact]
    public async Task Tags_BeyondFifty_AreRefusedAltogether()
    {
        var id = (await _world.RunAsync()).InstanceId;
        var tags = Enumerable.Range(0, 51).Select(number => new Tag($"tag-{number}", "")).ToList();

        await _world.Ec2.CreateTagsAsync(new CreateTagsRequest([id], tags)).RefusedAsync("TagLimitExceeded");

        (await _world.ReadAsync(id)).Tags.Should().BeNullOrEmpty();
    }

    [Theory]
    [InlineData("i-0123456789abcdef0", "InvalidInstanceID.NotFound")]
    [InlineData("whatever", "InvalidID")]
    [InlineData("ami-0123456789abcdef0", "InvalidAMIID.NotFound")]
    public async Task Tag_OnNothing_IsRefused(string id, string code)
    {
        await _world.Ec2.CreateTagsAsync(new CreateTagsRequest([id], [new("a", "b")])).RefusedAsync(code);
    }

    [Fact]
    public async Task Tag_OnAStrangersImage_IsRefused()
    {
        await _world.Ec2.CreateTagsAsync(new CreateTagsRequest([_world.Debian], [new("a", "b")])).RefusedAsync("AuthFailure");
    }
}
