using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;

namespace BakeWorker.Aws.Tests.Ssm;

public sealed class PointersTests : IDisposable
{
    private const string Name = "/images/debian-12-base/current";
    private readonly AwsWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Ensure_NewPointer_IsAnImageParameterWithOurTag() =>
        _world.Run(async () =>
        {
            var image = await _world.ImageAsync(Sample.Bake());
            (await _world.Home.Pointers.FindAsync(Name, AwsWorld.Ct)).Should().BeNull();

            await _world.Home.Pointers.EnsureAsync(Name, image.Id, "a test", AwsWorld.Ct);

            (await SeenAsync(image.Id)).Version.Should().Be(1);
            var parameter = (await _world.Clients.Ssm.GetParameterAsync(new() { Name = Name }, AwsWorld.Ct)).Parameter;
            parameter.DataType.Should().Be("aws:ec2:image");
            var tags = await _world.Clients.Ssm.ListTagsForResourceAsync(
                new() { ResourceId = Name, ResourceType = "Parameter" },
                AwsWorld.Ct
            );
            tags.TagList.Should().Contain(tag => tag.Key == ResourceTags.Role && tag.Value == "pointer");
        });

    [Fact]
    public void Ensure_Again_WritesOnlyWhatChanged() =>
        _world.Run(async () =>
        {
            var (first, second) = (await _world.ImageAsync(Sample.Bake("1")), await _world.ImageAsync(Sample.Bake("2")));
            await _world.Home.Pointers.EnsureAsync(Name, first.Id, "a test", AwsWorld.Ct);
            await SeenAsync(first.Id);
            await _world.Home.Pointers.EnsureAsync(Name, first.Id, "a test", AwsWorld.Ct);
            await _world.Home.Pointers.EnsureAsync(Name, second.Id, "a test", AwsWorld.Ct);

            (await SeenAsync(second.Id)).Version.Should().Be(2);
        });

    [Fact]
    public void Ensure_IllegalName_SaysWhatSsmSays() =>
        _world.Run(async () =>
        {
            var ensure = () => _world.Home.Pointers.EnsureAsync("/aws/mine", new ImageId("ami-0123456789abcdef0"), "a test", AwsWorld.Ct);

            (await ensure.Should().ThrowAsync<BakeFailedException>()).WithMessage("*ssm:PutParameter*");
        });

    private Task<Pointer> SeenAsync(ImageId image) =>
        _world.WaitAsync(async () =>
            await _world.Home.Pointers.FindAsync(Name, AwsWorld.Ct) is { } seen && seen.Image == image ? seen : null
        );
}
