using Amazon.EC2.Model;

namespace BakeWorker.LocalCloud.Tests.Ec2;

public sealed class LaunchTemplateTests : IAsyncDisposable
{
    private readonly Ec2World _world = new();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Version_OfATemplate_KeepsWhatItsSourceSaid()
    {
        await CreateAsync();

        var version = (await AddVersionAsync(_world.DebianArm)).LaunchTemplateVersion;

        (version.VersionNumber, version.DefaultVersion).Should().Be((2, false));
        version.LaunchTemplateData.ImageId.Should().Be(_world.DebianArm);
        version.LaunchTemplateData.TagSpecifications.Single().Tags.Single().Value.Should().Be("web");
        version.LaunchTemplateData.NetworkInterfaces.Single().Groups.Single().Should().Be(_world.Defaults.SecurityGroup);
        version.LaunchTemplateData.BlockDeviceMappings.Single().Ebs.VolumeSize.Should().Be(12);
    }

    [Fact]
    public async Task Default_Moved_IsWhatLaunchesTake()
    {
        await CreateAsync();
        await AddVersionAsync(_world.DebianArm);

        await _world.Ec2.ModifyLaunchTemplateAsync(new ModifyLaunchTemplateRequest { LaunchTemplateName = "web", DefaultVersion = "2" });
        var launched = await _world.Ec2.RunInstancesAsync(
            new RunInstancesRequest
            {
                MinCount = 1,
                MaxCount = 1,
                InstanceType = "t4g.small",
                LaunchTemplate = new() { LaunchTemplateName = "web" },
            }
        );

        var instance = launched.Reservation.Instances.Single();
        (instance.ImageId, instance.Tags.Single().Value).Should().Be((_world.DebianArm, "web"));
        var versions = new DescribeLaunchTemplateVersionsRequest { LaunchTemplateName = "web", Versions = ["$Latest"] };
        (await _world.Ec2.DescribeLaunchTemplateVersionsAsync(versions)).LaunchTemplateVersions.Single().DefaultVersion.Should().BeTrue();
    }

    [Fact]
    public async Task Versions_Deleted_AreToldOneByOne_AndTheirNumbersNeverComeBack()
    {
        await CreateAsync();
        await AddVersionAsync(_world.DebianArm);

        var answer = await _world.Ec2.DeleteLaunchTemplateVersionsAsync(
            new DeleteLaunchTemplateVersionsRequest { LaunchTemplateName = "web", Versions = ["1", "2", "7"] }
        );

        answer.SuccessfullyDeletedLaunchTemplateVersions.Single().VersionNumber.Should().Be(2);
        answer.UnsuccessfullyDeletedLaunchTemplateVersions.Select(item => item.VersionNumber).Should().Equal(1, 7);
        (await AddVersionAsync(_world.DebianArm)).LaunchTemplateVersion.VersionNumber.Should().Be(3);
    }

    [Fact]
    public async Task Template_CreatedTwice_IsRefusedUnlessTheTokenIsTheSame()
    {
        var first = await CreateAsync("token");
        var second = await CreateAsync("token");

        second.LaunchTemplate.LaunchTemplateId.Should().Be(first.LaunchTemplate.LaunchTemplateId);
        await CreateAsync("other").RefusedAsync("InvalidLaunchTemplateName.AlreadyExistsException");
    }

    [Fact]
    public async Task Template_Deleted_IsGone()
    {
        var id = (await CreateAsync()).LaunchTemplate.LaunchTemplateId;

        await _world.Ec2.DeleteLaunchTemplateAsync(new DeleteLaunchTemplateRequest { LaunchTemplateId = id });

        await _world
            .Ec2.DescribeLaunchTemplatesAsync(new DescribeLaunchTemplatesRequest { LaunchTemplateIds = [id] })
            .RefusedAsync("InvalidLaunchTemplateId.NotFound");
    }

    private Task<CreateLaunchTemplateVersionResponse> AddVersionAsync(string image) =>
        _world.Ec2.CreateLaunchTemplateVersionAsync(
            new CreateLaunchTemplateVersionRequest
            {
                LaunchTemplateName = "web",
                SourceVersion = "1",
                LaunchTemplateData = new() { ImageId = image },
            }
        );

    private Task<CreateLaunchTemplateResponse> CreateAsync(string? token = null) =>
        _world.Ec2.CreateLaunchTemplateAsync(
            new CreateLaunchTemplateRequest
            {
                ClientToken = token,
                LaunchTemplateName = "web",
                LaunchTemplateData = new()
                {
                    ImageId = _world.Debian,
                    BlockDeviceMappings =
                    [
                        new()
                        {
                            DeviceName = "/dev/xvda",
                            Ebs = new() { VolumeSize = 12 },
                        },
                    ],
                    NetworkInterfaces = [new() { DeviceIndex = 0, Groups = [_world.Defaults.SecurityGroup] }],
                    TagSpecifications = [new() { ResourceType = Amazon.EC2.ResourceType.Instance, Tags = [new("Name", "web")] }],
                },
            }
        );
}
