using System.Text.Json.Nodes;
using Amazon.EC2;
using Amazon.EC2.Model;

namespace BakeWorker.LocalCloud.Tests.Ec2;

public sealed class ImageShelfTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("images").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Image_KeptOnDisk_IsThereInTheNextProcess()
    {
        string id;
        await using (var before = new Ec2World(dataFolder: _folder))
        {
            id = (await before.CaptureAsync("kept")).ImageId;
            await before.Ec2.CreateTagsAsync(new CreateTagsRequest([id], [new("bakeworker:verdict", "passed")]));
            await before.Ec2.ModifyImageAttributeAsync(
                new ModifyImageAttributeRequest
                {
                    ImageId = id,
                    LaunchPermission = new() { Add = [new() { UserId = "111122223333" }] },
                }
            );
        }

        await using var after = new Ec2World(dataFolder: _folder);
        var image = await after.ReadImageAsync(id);
        var permissions = await after.Ec2.DescribeImageAttributeAsync(
            new DescribeImageAttributeRequest(id, ImageAttributeName.LaunchPermission)
        );

        (image.Name, image.State, image.Tags.Single().Value).Should().Be(("kept", ImageState.Available, "passed"));
        permissions.ImageAttribute.LaunchPermissions.Single().UserId.Should().Be("111122223333");
        (await after.RunAsync(order => order.ImageId = id)).State.Name.Should().Be(InstanceStateName.Running);
        await after.CaptureAsync("kept").RefusedAsync("InvalidAMIName.Duplicate");
    }

    [Fact]
    public async Task Manifest_OfAnImage_ReadsWellAndGoesWithIt()
    {
        await using var world = new Ec2World(dataFolder: _folder);
        var image = await world.CaptureAsync("kept");
        var path = Path.Combine(_folder, "images", image.ImageId + ".json");

        var manifest = JsonNode.Parse(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken))!;

        ((string?)manifest["name"], (string?)manifest["sourceInstanceId"]).Should().Be(("kept", image.SourceInstanceId));
        await world.Ec2.DeregisterImageAsync(new DeregisterImageRequest(image.ImageId));
        File.Exists(path).Should().BeFalse();
    }

    [Fact]
    public async Task File_ThatIsNoManifest_IsLeftAlone()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "images"));
        var path = Path.Combine(_folder, "images", "ami-broken.json");
        await File.WriteAllTextAsync(path, "not json", TestContext.Current.CancellationToken);

        await using var world = new Ec2World(dataFolder: _folder);

        (await world.Ec2.DescribeImagesAsync(new DescribeImagesRequest { Owners = ["self"] })).Images.Should().BeNullOrEmpty();
        File.Exists(path).Should().BeTrue();
    }
}
