namespace BakeWorker.EndToEnd.ThirdParty;

/// <summary>Another AMI builder, with its own SDK in another language, makes an image in LocalCloud.</summary>
public sealed class PackerTests
{
    [Fact]
    public async Task Packer_AmazonEbs_MakesAnImage()
    {
        var packer = Tool.Find("packer");
        Assert.SkipWhen(packer is null, "Packer is not installed");
        await using var cloud = await OpenCloud.StartAsync();
        var file = Path.Combine(Directory.CreateTempSubdirectory("bakeworker-packer-").FullName, "template.json");
        await File.WriteAllTextAsync(file, Template(cloud.Url), TestContext.Current.CancellationToken);

        var output = await Tool.RunAsync(packer!, ["build", "-machine-readable", file], cloud.Url);

        output.Should().MatchRegex("artifact,0,id,eu-west-1:ami-[0-9a-f]{17}");
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    private static string Template(Uri url) =>
        $$"""
            {
              "builders": [{
                "type": "amazon-ebs",
                "region": "eu-west-1",
                "access_key": "AKIALOCALCLOUD000000",
                "secret_key": "local-secret",
                "custom_endpoint_ec2": "{{url.ToString().TrimEnd('/')}}",
                "skip_metadata_api_check": true,
                "source_ami_filter": {
                  "filters": { "name": "debian-12-amd64-*" },
                  "owners": ["136693071363"],
                  "most_recent": true
                },
                "instance_type": "t3.micro",
                "communicator": "none",
                "ami_name": "made-by-another-builder",
                "tags": { "made-by": "packer" }
              }]
            }
            """;
}
