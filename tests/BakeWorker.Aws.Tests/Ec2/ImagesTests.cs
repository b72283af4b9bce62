using Amazon.EC2.Model;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;
using Image = BakeWorker.Core.Cloud.Image;
using ImageState = BakeWorker.Core.Cloud.ImageState;
using Snapshot = Amazon.EC2.Model.Snapshot;

namespace BakeWorker.Aws.Tests.Ec2;

public sealed class ImagesTests : IDisposable
{
    private readonly AwsWorld _world = new();
    private readonly Bake _bake = Sample.Bake();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Ensure_StoppedBuilder_MakesATaggedImageWithTaggedSnapshots() =>
        _world.Run(async () =>
        {
            var image = await _world.ImageAsync(_bake);

            image.Name.Should().Be($"debian-12-base/{_bake.Id}");
            image.Region.Should().Be(AwsWorld.Region);
            image.IsReleased.Should().BeFalse();
            image
                .Tags.Should()
                .Contain("bakeworker:role", "image")
                .And.Contain("bakeworker:bake-id", _bake.Id.Value)
                .And.Contain("CostCentre", "4711");
            image.Tags["bakeworker:source-image"].Should().Be((await _world.BaseAsync()).Id.Value);
            var snapshots = await SnapshotsAsync();
            snapshots.Select(snapshot => snapshot.SnapshotId).Should().Equal(image.Snapshots);
            snapshots[0].Tags.Should().Contain(tag => tag.Key == "bakeworker:bake-id" && tag.Value == _bake.Id.Value);
            snapshots[0].Encrypted.Should().BeTrue();
        });

    [Fact]
    public void Ensure_Again_FindsTheImageEvenWithoutItsBuilder() =>
        _world.Run(async () =>
        {
            var image = await _world.ImageAsync(_bake);
            var gone = new BakeWorker.Core.Cloud.Instance(
                new InstanceId("i-0123456789abcdef0"),
                BakeWorker.Core.Cloud.InstanceState.Terminated
            );

            (await _world.Home.Images.EnsureAsync(_bake, gone, AwsWorld.Ct)).Id.Should().Be(image.Id);
            (await _world.Home.Images.FindAsync(_bake.Id, AwsWorld.Ct))!.Id.Should().Be(image.Id);
        });

    [Fact]
    public void Ensure_RunningBuilder_IsRefused() =>
        _world.Run(async () =>
        {
            var builder = await _world.BuilderAsync(_bake);

            var ensure = () => _world.Home.Images.EnsureAsync(_bake, builder, AwsWorld.Ct);

            (await ensure.Should().ThrowAsync<BakeFailedException>()).WithMessage(
                "*is Running; an image is made only of a stopped builder*"
            );
        });

    [Fact]
    public void Ensure_AnswerLostOnTheWay_AdoptsItsOwnImage() =>
        _world.Run(async () =>
        {
            var builder = await _world.StoppedBuilderAsync(_bake);
            _world.Wire.LoseAnswerTo("CreateImage");

            var image = await _world.Home.Images.EnsureAsync(_bake, builder, AwsWorld.Ct);

            (await _world.Home.Images.ListAsync(null, AwsWorld.Ct)).Should().ContainSingle().Which.Id.Should().Be(image.Id);
        });

    [Fact]
    public void Ensure_NameOfSomebodyElsesImage_IsAFailureWithACode() =>
        _world.Run(async () =>
        {
            var builder = await _world.StoppedBuilderAsync(_bake);
            await _world.Clients.Ec2.CreateImageAsync(
                new CreateImageRequest { InstanceId = builder.Id.Value, Name = $"debian-12-base/{_bake.Id}" },
                AwsWorld.Ct
            );

            var ensure = () => _world.Home.Images.EnsureAsync(_bake, builder, AwsWorld.Ct);

            (await ensure.Should().ThrowAsync<BakeFailedException>()).Which.Code.Should().Be(FailureCodes.ImageNameTaken);
        });

    [Fact]
    public void EnsureCopy_IntoAnotherRegion_IsEncryptedTaggedAndTheSameTwice() =>
        _world.Run(async () =>
        {
            var image = await _world.ImageAsync(_bake);
            var there = _world.Aws.In("eu-central-1").Images;

            var begun = await there.EnsureCopyAsync(_bake, image with { Tags = Released(image) }, null, AwsWorld.Ct);
            var again = await there.EnsureCopyAsync(_bake, image, null, AwsWorld.Ct);
            var copy = await _world.WaitAsync(async () =>
                (await there.ReadAsync([begun.Id], AwsWorld.Ct)).GetValueOrDefault(begun.Id) is { State: ImageState.Available } done
                    ? done
                    : null
            );

            again.Id.Should().Be(begun.Id);
            copy.Region.Should().Be("eu-central-1");
            copy.Name.Should().Be(image.Name);
            copy.Tags.Should().Contain("bakeworker:role", "copy").And.Contain("bakeworker:bake-id", _bake.Id.Value);
            copy.Tags["bakeworker:source-image"].Should().Be(image.Tags["bakeworker:source-image"]);
            copy.IsReleased.Should().BeFalse("nobody has released the copy");
            (await SnapshotsAsync("eu-central-1")).Should().ContainSingle().Which.Encrypted.Should().BeTrue();
        });

    [Fact]
    public void EnsureCopy_WhereACopyOfAnotherImageLies_ReplacesIt() =>
        _world.Run(async () =>
        {
            var there = _world.Aws.In("eu-central-1").Images;
            var given = await _world.ImageAsync(_bake);
            var old = await there.EnsureCopyAsync(_bake, given, null, AwsWorld.Ct);
            await _world.Home.Images.RemoveAsync(given, AwsWorld.Ct);
            await _world.Home.Instances.RemoveAsync((await _world.Home.Instances.ListAsync(AwsWorld.Ct)).Single().Id, AwsWorld.Ct);
            var image = await _world.ImageAsync(_bake);

            var copy = await there.EnsureCopyAsync(_bake, image, null, AwsWorld.Ct);

            copy.Id.Should().NotBe(old.Id);
            (await there.ListAsync(null, AwsWorld.Ct)).Should().ContainSingle().Which.MadeOf.Should().Be(image.Id);
        });

    [Fact]
    public void FindBase_ByParameterIdAndName_IsTheSameKindOfAnswer() =>
        _world.Run(async () =>
        {
            var byParameter = await _world.BaseAsync();
            var byId = await FindAsync(new BaseSource { Image = byParameter.Id.Value, Owners = byParameter.OwnerId is var o ? [o] : [] });
            var byName = await FindAsync(new BaseSource { Name = "debian-12-amd64-*", Owners = ["136693071363"] });

            byId.Should().BeEquivalentTo(byParameter);
            byParameter.OwnerId.Should().Be("136693071363");
            byParameter.Architecture.Should().Be(Architecture.X86_64);
            byParameter.State.Should().Be("available");
            byParameter.RootDeviceType.Should().Be("ebs");
            byParameter.RootDeviceName.Should().StartWith("/dev/");
            byParameter.CreatedAt.Should().NotBeNull();
            byName!.OwnerId.Should().Be("136693071363");
        });

    [Fact]
    public void FindBase_ByName_TakesTheNewestOfTheTrustedOwners() =>
        _world.Run(async () =>
        {
            // A stranger has published a newer image under a name of the same pattern.
            var trusted = await FindAsync(new BaseSource { Name = "debian-12-amd64-*", Owners = ["136693071363"] });
            var anybody = await _world.Clients.Ec2.DescribeImagesAsync(
                new DescribeImagesRequest { Filters = [new Filter("name", ["debian-12-amd64-*"])] },
                AwsWorld.Ct
            );

            var newest = anybody.Images.MaxBy(image => image.CreationDate)!;
            newest.OwnerId.Should().NotBe("136693071363");
            trusted!
                .Id.Value.Should()
                .Be(anybody.Images.Where(image => image.OwnerId == "136693071363").MaxBy(image => image.CreationDate)!.ImageId);
        });

    [Theory]
    [InlineData("/no/such/parameter", null, null)]
    [InlineData(null, "ami-0123456789abcdef0", null)]
    [InlineData(null, "not-an-ami", null)]
    [InlineData(null, null, "no-such-name-*")]
    public void FindBase_NothingThere_IsNull(string? parameter, string? image, string? name) => _world.Run(async () => (
                await FindAsync(
                    new BaseSource
                    {
                        Parameter = parameter,
                        Image = image,
                        Name = name,
                        Owners = ["136693071363"],
                    }
                )
            ).Should().BeNull());

    [Fact]
    public void FindBase_ByNameWithoutOwner_IsRefused() =>
        _world.Run(async () =>
        {
            var find = () => FindAsync(new BaseSource { Name = "debian-12-amd64-*", Owners = [] });

            (await find.Should().ThrowAsync<BakeFailedException>()).Which.Code.Should().Be(FailureCodes.BaseUntrusted);
        });

    [Fact]
    public void FindBase_ParameterThatHoldsSomethingElse_SaysSo() =>
        _world.Run(async () =>
        {
            await _world.Clients.Ssm.PutParameterAsync(
                new()
                {
                    Name = "/mine",
                    Value = "hello",
                    Type = "String",
                },
                AwsWorld.Ct
            );

            var find = () => FindAsync(new BaseSource { Parameter = "/mine", Owners = ["self"] });

            (await find.Should().ThrowAsync<BakeFailedException>()).WithMessage("parameter /mine holds 'hello', which is no image id*");
        });

    [Fact]
    public void List_OfOneRecipe_HoldsDisabledOnesAndNobodyElses() =>
        _world.Run(async () =>
        {
            var image = await _world.ImageAsync(_bake);
            var other = await _world.ImageAsync(Sample.Bake("x", Sample.Recipe("other")));
            await _world.Home.Images.EnsureDisabledAsync(image.Id, AwsWorld.Ct);
            await _world.Home.Images.EnsureDisabledAsync(image.Id, AwsWorld.Ct);

            var ofRecipe = await _world.Home.Images.ListAsync("debian-12-base", AwsWorld.Ct);
            var all = await _world.Home.Images.ListAsync(null, AwsWorld.Ct);

            ofRecipe.Should().ContainSingle().Which.State.Should().Be(ImageState.Disabled);
            all.Select(one => one.Id).Should().BeEquivalentTo([image.Id, other.Id]);
        });

    [Fact]
    public void EnsurePermissions_ShownLate_AreWaitedFor() =>
        _world.Run(async () =>
        {
            var image = await _world.ImageAsync(_bake);
            _world.Cloud.Faults.Plan.Calls("ec2", "DescribeImageAttribute").Nth(2).Times(2).IsStaleBy(TimeSpan.FromMinutes(1));

            var wanted = new LaunchPermissions { Accounts = ["111122223333"] };
            var seen = await _world.Home.Images.EnsurePermissionsAsync(image.Id, wanted, AwsWorld.Ct);

            seen.Accounts.Should().Equal("111122223333");
        });

    [Fact]
    public void EnsurePermissions_AddsWhatIsMissingAndShowsAll() =>
        _world.Run(async () =>
        {
            var image = await _world.ImageAsync(_bake);
            await EnsureAsync(new LaunchPermissions { Accounts = ["111122223333"] });

            var seen = await EnsureAsync(new LaunchPermissions { Accounts = ["111122223333", "444455556666"] });

            seen.Accounts.Should().BeEquivalentTo("111122223333", "444455556666");
            _world.Wire.Sent.Where(sent => sent.Action == "ModifyImageAttribute").Should().HaveCount(2);
            (await EnsureAsync(new LaunchPermissions { Accounts = ["444455556666"] })).Accounts.Should().HaveCount(2);
            _world.Wire.Sent.Where(sent => sent.Action == "ModifyImageAttribute").Should().HaveCount(2, "nothing was missing");

            Task<LaunchPermissions> EnsureAsync(LaunchPermissions wanted) =>
                _world.Home.Images.EnsurePermissionsAsync(image.Id, wanted, AwsWorld.Ct);
        });

    [Fact]
    public void EnsureDeprecation_IsSeenOnTheImage() =>
        _world.Run(async () =>
        {
            var image = await _world.ImageAsync(_bake);
            var at = _world.Time.GetUtcNow().AddDays(90);

            await _world.Home.Images.EnsureDeprecationAsync(image.Id, at, AwsWorld.Ct);

            var seen = (await _world.Home.Images.ReadAsync([image.Id], AwsWorld.Ct))[image.Id];
            seen.DeprecatedAt.Should().BeCloseTo(at, TimeSpan.FromMinutes(1));
        });

    [Fact]
    public void ReadReferences_OfAUsedImage_NamesWhatUsesIt() =>
        _world.Run(async () =>
        {
            var image = await _world.ImageAsync(_bake);
            await _world.Home.Pointers.EnsureAsync("/images/debian-12-base/current", image.Id, "a test", AwsWorld.Ct);

            var references = await _world.WaitAsync(async () =>
                (await _world.Home.Images.ReadReferencesAsync([image.Id], AwsWorld.Ct))[image.Id] is { Count: > 0 } users ? users : null
            );

            references.Should().Contain(arn => arn.Contains("/images/debian-12-base/current"));
        });

    [Fact]
    public void Remove_Twice_LeavesNoImageAndNoSnapshot() =>
        _world.Run(async () =>
        {
            var image = await _world.ImageAsync(_bake);

            await _world.Home.Images.RemoveAsync(image, AwsWorld.Ct);
            await _world.Home.Images.RemoveAsync(image, AwsWorld.Ct);

            (await _world.Home.Images.ListAsync(null, AwsWorld.Ct)).Should().BeEmpty();
            (await SnapshotsAsync()).Should().BeEmpty();
        });

    [Fact]
    public void Remove_SnapshotLeftByAFailedImage_IsRemovedToo() =>
        _world.Run(async () =>
        {
            var image = await _world.ImageAsync(_bake);
            await _world.Clients.Ec2.DeregisterImageAsync(new DeregisterImageRequest { ImageId = image.Id.Value }, AwsWorld.Ct);
            (await SnapshotsAsync()).Should().ContainSingle();

            await _world.Home.Images.RemoveAsync(image, AwsWorld.Ct);

            (await SnapshotsAsync()).Should().BeEmpty();
        });

    [Fact]
    public void Remove_ImageWithoutOurTags_IsRefused() =>
        _world.Run(async () =>
        {
            var image = await _world.ImageAsync(_bake);
            await _world.Clients.Ec2.DeleteTagsAsync(new DeleteTagsRequest { Resources = [image.Id.Value] }, AwsWorld.Ct);

            var remove = () => _world.Home.Images.RemoveAsync(image, AwsWorld.Ct);

            (await remove.Should().ThrowAsync<BakeFailedException>()).WithMessage("*so it is not ours to remove*");
            (await _world.Home.Images.ReadAsync([image.Id], AwsWorld.Ct)).Should().ContainKey(image.Id);
        });

    private static Dictionary<string, string> Released(Image image) =>
        new(image.Tags) { [ResourceTags.ReleasedAt] = "2026-11-22T04:00:00Z", [ResourceTags.Verdict] = "passed" };

    private Task<BaseImage?> FindAsync(BaseSource source) => _world.Home.Images.FindBaseAsync(source, Architecture.X86_64, AwsWorld.Ct);

    private async Task<List<Amazon.EC2.Model.Snapshot>> SnapshotsAsync(string region = AwsWorld.Region)
    {
        using var clients = new BakeWorker.Testing.LocalCloudClients(_world.Cloud, region);
        var request = new DescribeSnapshotsRequest { OwnerIds = ["self"], Filters = [new Filter("tag-key", ["bakeworker:bake-id"])] };
        return (await clients.Ec2.DescribeSnapshotsAsync(request, AwsWorld.Ct)).Snapshots ?? [];
    }
}
