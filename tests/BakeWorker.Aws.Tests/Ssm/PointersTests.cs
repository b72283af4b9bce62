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

    [Fact]
    public void Find_ManyInOneMoment_IsOneReadForTen() =>
        _world.Run(async () =>
        {
            var image = await _world.ImageAsync(Sample.Bake());
            await _world.Home.Pointers.EnsureAsync(Name, image.Id, "a test", AwsWorld.Ct);
            await SeenAsync(image.Id);
            var before = Reads();

            var names = Enumerable.Range(0, 19).Select(n => $"/images/absent/{n}").Append(Name);
            var found = await Task.WhenAll(names.Select(name => _world.Home.Pointers.FindAsync(name, AwsWorld.Ct)));

            found.Where(pointer => pointer is not null).Should().ContainSingle().Which!.Image.Should().Be(image.Id);
            (Reads() - before).Should().Be(2);
        });

    [Fact]
    public void Find_BesideOneThatTheWorkerMayNotRead_IsAnswered() =>
        _world.Run(async () =>
        {
            var image = await _world.ImageAsync(Sample.Bake());
            await _world.Home.Pointers.EnsureAsync(Name, image.Id, "a test", AwsWorld.Ct);
            await SeenAsync(image.Id);
            const string Denied = """{"__type":"AccessDeniedException","message":"not authorized to perform ssm:GetParameters"}""";
            var (good, other) = (_world.Home.Pointers.FindAsync(Name, AwsWorld.Ct), _world.Home.Pointers.FindAsync("/other", AwsWorld.Ct));
            _world.Wire.Answer(400, Denied, "application/x-amz-json-1.1");
            _world.Wire.Answer(400, Denied, "application/x-amz-json-1.1");

            // Both in one call are denied, then the first of them alone.
            var answers = await Task.WhenAll(Settled(good), Settled(other));

            answers.Should().ContainSingle(failure => failure != null).Which!.Code.Should().Be(FailureCodes.AwsDenied);
        });

    private static async Task<BakeFailedException?> Settled(Task<Pointer?> asked)
    {
        try
        {
            await asked;
            return null;
        }
        catch (BakeFailedException failure)
        {
            return failure;
        }
    }

    private int Reads() =>
        _world.Wire.Sent.Count(sent =>
            sent.Headers.GetValueOrDefault("X-Amz-Target")?.EndsWith(".GetParameters", StringComparison.Ordinal) == true
        );

    private Task<Pointer> SeenAsync(ImageId image) =>
        _world.WaitAsync(async () =>
            await _world.Home.Pointers.FindAsync(Name, AwsWorld.Ct) is { } seen && seen.Image == image ? seen : null
        );
}
