using Amazon.EC2.Model;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;
using InstanceState = BakeWorker.Core.Cloud.InstanceState;

namespace BakeWorker.Aws.Tests.Ec2;

public sealed class InstancesTests : IDisposable
{
    private readonly AwsWorld _world = new();
    private readonly Bake _bake = Sample.Bake();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Ensure_FirstLaunch_IsClosedEncryptedAndTagged() =>
        _world.Run(async () =>
        {
            var launched = await _world.LaunchAsync(_bake);

            var instance = (await RawAsync(launched.Id)).Should().ContainSingle().Subject;
            instance.MetadataOptions.HttpTokens.Value.Should().Be("required");
            instance.MetadataOptions.HttpPutResponseHopLimit.Should().Be(1);
            instance.KeyName.Should().BeNullOrEmpty();
            instance.IamInstanceProfile.Arn.Should().EndWith("/bakeworker");
            instance.SubnetId.Should().Be(_world.Defaults.BuilderSubnet("a"));
            Tags(instance.Tags)
                .Should()
                .Contain("bakeworker:bake-id", _bake.Id.Value)
                .And.Contain("bakeworker:role", "builder")
                .And.Contain("bakeworker:recipe", "debian-12-base")
                .And.Contain("bakeworker:recipe-digest", "sha256:0123")
                .And.Contain("bakeworker:owner", "platform-team")
                .And.Contain("bakeworker:deadline", "2026-11-22T09:00:00Z")
                .And.Contain("bakeworker:worker", "worker-1")
                .And.Contain("bakeworker:generation", "0")
                .And.Contain("bakeworker:source-image", launched.Image.Value)
                .And.Contain("bakeworker:traceparent", _bake.TraceParent!)
                .And.Contain("CostCentre", "4711")
                .And.Contain("Name", $"debian-12-base builder {_bake.Id}");
            var volumes = await _world.Clients.Ec2.DescribeVolumesAsync(
                new DescribeVolumesRequest { Filters = [new Filter("attachment.instance-id", [launched.Id.Value])] },
                AwsWorld.Ct
            );
            var volume = volumes.Volumes.Should().ContainSingle().Subject;
            volume.Encrypted.Should().BeTrue();
            volume.Size.Should().Be(12);
            Tags(volume.Tags).Should().Contain("bakeworker:bake-id", _bake.Id.Value);
            _world.Guests.Guests.Should().ContainSingle().Which.Spec.UserData.Should().Be("#!/bin/sh\necho hello\n");
        });

    [Fact]
    public void Ensure_Again_AnswersTheSameInstance() =>
        _world.Run(async () =>
        {
            var first = await _world.LaunchAsync(_bake);
            var second = await _world.LaunchAsync(_bake);

            second.Id.Should().Be(first.Id);
            (await _world.Home.Instances.ListAsync(AwsWorld.Ct)).Should().ContainSingle();
        });

    [Fact]
    public void Ensure_AnotherWorkersLaunchUnderTheSameToken_IsFound() =>
        _world.Run(async () =>
        {
            var order = await _world.OrderAsync();
            var first = await _world.LaunchAsync(_bake);
            // The other worker's instance is not visible yet when this one looks for it.
            _world.Wire.AnswerTo("DescribeInstances", 200, "<DescribeInstancesResponse><reservationSet/></DescribeInstancesResponse>");

            var answer = await _world.Home.Instances.EnsureAsync(_bake with { Worker = "worker-2" }, order, AwsWorld.Ct);

            answer.Instance!.Id.Should().Be(first.Id);
            (await _world.Home.Instances.ListAsync(AwsWorld.Ct)).Should().ContainSingle();
        });

    [Fact]
    public void Ensure_AfterTermination_LaunchesTheNextGeneration() =>
        _world.Run(async () =>
        {
            var first = await _world.BuilderAsync(_bake);
            await _world.Home.Instances.RemoveAsync(first.Id, AwsWorld.Ct);

            var second = await _world.LaunchAsync(_bake);

            second.Id.Should().NotBe(first.Id);
            second.Tags.Should().Contain("bakeworker:generation", "1");
        });

    [Fact]
    public void Ensure_AnswerLostOnTheWay_DoesNotLaunchTwice() =>
        _world.Run(async () =>
        {
            _world.Wire.LoseAnswerTo("RunInstances");

            var answer = await _world.Home.Instances.EnsureAsync(_bake, await _world.OrderAsync(), AwsWorld.Ct);

            answer.Instance.Should().NotBeNull();
            (await _world.Home.Instances.ListAsync(AwsWorld.Ct)).Should().ContainSingle();
        });

    [Theory]
    [InlineData("InsufficientInstanceCapacity")]
    [InlineData("InsufficientFreeAddressesInSubnet")]
    [InlineData("Unsupported")]
    [InlineData("SpotMaxPriceTooLow")]
    public void Ensure_PoolWithoutRoom_IsARefusal(string code) =>
        _world.Run(async () =>
        {
            var order = await _world.OrderAsync();
            _world.Cloud.Faults.Plan.RefuseLaunches(code, "No room here.");

            var answer = await _world.Home.Instances.EnsureAsync(_bake, order, AwsWorld.Ct);

            answer.Should().Be(new LaunchAnswer(null, code, "No room here."));
        });

    [Theory]
    [InlineData("The parameter combination with t3.small is not possible.", true)]
    [InlineData("The parameter groupName cannot be used with the parameter subnet.", false)]
    public void Ensure_InvalidCombination_IsARefusalOnlyWhenItIsTheTypes(string message, bool isRefusal) =>
        _world.Run(async () =>
        {
            var order = await _world.OrderAsync();
            _world.Wire.AnswerTo("RunInstances", 400, Wire.Ec2Error("InvalidParameterCombination", message));

            var ensure = async () => (await _world.Home.Instances.EnsureAsync(_bake, order, AwsWorld.Ct)).RefusalCode;

            if (isRefusal)
            {
                (await ensure()).Should().Be("InvalidParameterCombination");
            }
            else
            {
                await ensure.Should().ThrowAsync<BakeFailedException>().Where(e => e.Kind == FailureKind.Failed);
            }
        });

    [Fact]
    public void Find_Siblings_KeepsTheLowestIdAndEndsTheOthers() =>
        _world.Run(async () =>
        {
            var ids = new List<string> { (await _world.LaunchAsync(_bake)).Id.Value };
            for (var i = 0; i < 2; i++)
            {
                ids.Add(await LaunchBehindOurBackAsync(ids[0]));
            }

            var found = await _world.Home.Instances.FindAsync(_bake.Id, InstanceRole.Builder, AwsWorld.Ct);

            found!.Id.Value.Should().Be(ids.Min(StringComparer.Ordinal));
            var living = (await _world.Home.Instances.ListAsync(AwsWorld.Ct)).Where(instance => !instance.IsGone);
            living.Should().ContainSingle().Which.Id.Should().Be(found.Id);
        });

    [Fact]
    public void Find_OtherRoleOrBake_IsNotFound() =>
        _world.Run(async () =>
        {
            await _world.LaunchAsync(_bake);

            (await _world.Home.Instances.FindAsync(_bake.Id, InstanceRole.Tester, AwsWorld.Ct)).Should().BeNull();
            (await _world.Home.Instances.FindAsync(Sample.Bake("other").Id, InstanceRole.Builder, AwsWorld.Ct)).Should().BeNull();
        });

    [Fact]
    public void Read_UnknownIds_AreLeftOut() =>
        _world.Run(async () =>
        {
            var builder = await _world.BuilderAsync(_bake);
            var unknown = new InstanceId("i-0123456789abcdef0");

            var read = await _world.Home.Instances.ReadAsync([builder.Id, unknown], AwsWorld.Ct);
            var health = await _world.Home.Instances.ReadHealthAsync([builder.Id, unknown], AwsWorld.Ct);

            read.Should().ContainKey(builder.Id).And.HaveCount(1);
            read[builder.Id].State.Should().Be(InstanceState.Running);
            health.Should().ContainKey(builder.Id).And.HaveCount(1);
        });

    [Fact]
    public void Read_InstanceThatIsOnTwoPages_IsOne() =>
        _world.Run(async () =>
        {
            var id = new InstanceId("i-0123456789abcdef0");
            _world.Wire.AnswerTo("DescribeInstances", 200, Page(id, "<nextToken>more</nextToken>"));
            _world.Wire.AnswerTo("DescribeInstances", 200, Page(id, ""));

            var read = await _world.Home.Instances.ReadAsync([id], AwsWorld.Ct);

            read.Keys.Should().Equal(id);

            static string Page(InstanceId id, string next) =>
                $"<DescribeInstancesResponse><reservationSet><item><instancesSet><item><instanceId>{id}</instanceId>"
                + $"</item></instancesSet></item></reservationSet>{next}</DescribeInstancesResponse>";
        });

    [Fact]
    public void Ensure_TesterOfAnotherImage_IsReplaced() =>
        _world.Run(async () =>
        {
            var order = (await _world.OrderAsync()) with { Role = InstanceRole.Tester };
            var old = (await _world.Home.Instances.EnsureAsync(_bake, order, AwsWorld.Ct)).Instance!;
            var image = order.Image with { Id = (await _world.ImageAsync(_bake)).Id };

            var answer = await _world.Home.Instances.EnsureAsync(_bake, order with { Image = image }, AwsWorld.Ct);

            answer.Instance!.Image.Should().Be(image.Id);
            (await _world.SeeAsync(old.Id)).IsGone.Should().BeTrue();
        });

    [Fact]
    public void ReadHealth_AfterAWhile_IsOk() =>
        _world.Run(async () =>
        {
            var builder = await _world.BuilderAsync(_bake);

            var health = await _world.WaitAsync(async () =>
                (await _world.Home.Instances.ReadHealthAsync([builder.Id], AwsWorld.Ct)).GetValueOrDefault(builder.Id) is { IsOk: true } ok
                    ? ok
                    : null
            );

            health.Id.Should().Be(builder.Id);
        });

    [Fact]
    public void FindConsole_OfABootedGuest_IsText() =>
        _world.Run(async () =>
        {
            _world.Guests.Scenario.Guest().Console("Welcome, ämtlich");
            var builder = await _world.BuilderAsync(_bake);

            var console = await _world.WaitAsync(() => _world.Home.Instances.FindConsoleAsync(builder.Id, AwsWorld.Ct));

            console.Should().Contain("Welcome, ämtlich");
            (await _world.Home.Instances.FindConsoleAsync(new InstanceId("i-0123456789abcdef0"), AwsWorld.Ct)).Should().BeNull();
            (await _world.Home.Instances.FindScreenshotAsync(builder.Id, AwsWorld.Ct)).Should().StartWith([0xff, 0xd8]);
            (await _world.Home.Instances.FindScreenshotAsync(new InstanceId("i-0123456789abcdef0"), AwsWorld.Ct)).Should().BeNull();
            await _world.Home.Instances.RemoveAsync(builder.Id, AwsWorld.Ct);
            (await _world.Home.Instances.FindScreenshotAsync(builder.Id, AwsWorld.Ct)).Should().BeNull("it is off");
        });

    [Fact]
    public void Tag_ThenRemoveTwice_Succeeds() =>
        _world.Run(async () =>
        {
            var builder = await _world.BuilderAsync(_bake);
            await _world.Home.Instances.TagAsync(builder.Id, new Dictionary<string, string> { [ResourceTags.Sealing] = "1" }, AwsWorld.Ct);
            (await _world.SeeAsync(builder.Id)).Tags.Should().Contain(ResourceTags.Sealing, "1");

            await _world.Home.Instances.RemoveAsync(builder.Id, AwsWorld.Ct);
            await _world.Home.Instances.RemoveAsync(builder.Id, AwsWorld.Ct);
            await _world.Home.Instances.RemoveAsync(new InstanceId("i-0123456789abcdef0"), AwsWorld.Ct);

            (await _world.SeeAsync(builder.Id)).IsGone.Should().BeTrue();
        });

    [Fact]
    public void Ensure_SpotBuilder_CanBeStoppedAndLeavesNoRequestBehind() =>
        _world.Run(async () =>
        {
            var order = (await _world.OrderAsync()) with { Rung = new Rung("t3.small", _world.Defaults.BuilderSubnet("a"), Market.Spot) };

            var answer = await _world.Home.Instances.EnsureAsync(_bake, order, AwsWorld.Ct);

            answer.Instance!.IsSpot.Should().BeTrue();
            var sent = _world.Wire.Sent.Single(sent => sent.Action == "RunInstances").Body;
            sent.Should().Contain("SpotInstanceType=persistent").And.Contain("InstanceInterruptionBehavior=stop");
            sent.Should().Contain("ResourceType=spot-instances-request");
            await _world.Home.Instances.RemoveAsync(answer.Instance.Id, AwsWorld.Ct);
            _world.Wire.Sent.Should().Contain(sent => sent.Action == "CancelSpotInstanceRequests");
        });

    private async Task<string> LaunchBehindOurBackAsync(string like)
    {
        var original = (await RawAsync(new InstanceId(like))).Single();
        var response = await _world.Clients.Ec2.RunInstancesAsync(
            new RunInstancesRequest
            {
                ImageId = original.ImageId,
                InstanceType = original.InstanceType,
                SubnetId = original.SubnetId,
                MinCount = 1,
                MaxCount = 1,
                TagSpecifications = [new TagSpecification { ResourceType = "instance", Tags = [.. original.Tags] }],
            },
            AwsWorld.Ct
        );
        return response.Reservation.Instances[0].InstanceId;
    }

    private async Task<List<Amazon.EC2.Model.Instance>> RawAsync(InstanceId id)
    {
        var request = new DescribeInstancesRequest { InstanceIds = [id.Value] };
        return (await _world.Clients.Ec2.DescribeInstancesAsync(request, AwsWorld.Ct)).Reservations.SelectMany(r => r.Instances).ToList();
    }

    private static Dictionary<string, string> Tags(List<Tag> tags) => tags.ToDictionary(tag => tag.Key, tag => tag.Value);
}
