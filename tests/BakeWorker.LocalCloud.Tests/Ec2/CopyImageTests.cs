using Amazon.EC2;
using Amazon.EC2.Model;

namespace BakeWorker.LocalCloud.Tests.Ec2;

public sealed class CopyImageTests : IAsyncDisposable
{
    private const string There = "us-east-1";
    private readonly Ec2World _world = new();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Copy_ToAnotherRegion_BringsDiskAndTags()
    {
        var source = await _world.CaptureAsync(change: request =>
            request.TagSpecifications = [new() { ResourceType = ResourceType.Image, Tags = [new("recipe", "debian")] }]
        );

        var id = await CopyAsync(source, request => (request.CopyImageTags, request.Encrypted) = (true, true));
        (await _world.ReadImageAsync(id, There)).State.Should().Be(ImageState.Pending);
        _world.Pass(TimeSpan.FromMinutes(1));
        var copy = await _world.ReadImageAsync(id, There);

        copy.State.Should().Be(ImageState.Available);
        (copy.SourceImageId, copy.SourceImageRegion).Should().Be((source.ImageId, Ec2World.Home));
        copy.Tags.Single().Value.Should().Be("debian");
        var ebs = copy.BlockDeviceMappings.Single().Ebs;
        ebs.Encrypted.Should().BeTrue();
        _world.Guests.Disks.Ids.Should().Contain(ebs.SnapshotId);
    }

    [Fact]
    public async Task Copy_WithoutAskingForTags_HasNone()
    {
        var source = await _world.CaptureAsync(change: request =>
            request.TagSpecifications = [new() { ResourceType = ResourceType.Image, Tags = [new("recipe", "debian")] }]
        );

        (await _world.ReadImageAsync(await CopyAsync(source), There)).Tags.Should().BeNullOrEmpty();
    }

    [Fact]
    public async Task Copy_WithTheSameToken_IsTheSameCopy()
    {
        var source = await _world.CaptureAsync();

        var first = await CopyAsync(source, request => request.ClientToken = "copy-1");
        var second = await CopyAsync(source, request => request.ClientToken = "copy-1");

        second.Should().Be(first);
        await CopyAsync(source, request => (request.ClientToken, request.Name) = ("copy-1", "other"))
            .RefusedAsync("IdempotentParameterMismatch");
    }

    [Fact]
    public async Task Copy_WithAKeyOfTheWrongRegion_FailsLater()
    {
        var source = await _world.CaptureAsync();
        var key = $"arn:aws:kms:{Ec2World.Home}:{Ec2World.Account}:key/11111111-2222-3333-4444-555555555555";

        var id = await CopyAsync(source, request => (request.Encrypted, request.KmsKeyId) = (true, key));
        _world.Pass(TimeSpan.FromMinutes(1));

        (await _world.ReadImageAsync(id, There)).State.Should().Be(ImageState.Failed);
    }

    [Fact]
    public async Task Copy_OfAPendingImage_IsRefused()
    {
        var instance = await _world.RunAndStopAsync();
        var id = (await _world.Ec2.CreateImageAsync(new CreateImageRequest(instance.InstanceId, "pending"))).ImageId;

        await CopyAsync(await _world.ReadImageAsync(id)).RefusedAsync("InvalidAMIID.Unavailable");
    }

    [Fact]
    public async Task Copy_OfAStrangersBilledImage_IsRefused()
    {
        var rhel = new DescribeImagesRequest { Owners = ["309956199498"] };
        var source = (await _world.Ec2.DescribeImagesAsync(rhel)).Images[0];

        await CopyAsync(source).RefusedAsync("InvalidRequest");
    }

    private async Task<string> CopyAsync(Image source, Action<CopyImageRequest>? change = null)
    {
        var request = new CopyImageRequest
        {
            Name = "copied",
            SourceImageId = source.ImageId,
            SourceRegion = Ec2World.Home,
        };
        change?.Invoke(request);
        return (await _world.In(There).CopyImageAsync(request)).ImageId;
    }
}
