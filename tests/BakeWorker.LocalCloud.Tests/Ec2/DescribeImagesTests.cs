using Amazon.EC2.Model;
using BakeWorker.LocalCloud.Ec2;

namespace BakeWorker.LocalCloud.Tests.Ec2;

public sealed class DescribeImagesTests : IAsyncDisposable
{
    private readonly Ec2World _world = new();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Catalogue_ByNameAlone_OffersAStrangersImageAsTheNewest()
    {
        var images = await FindAsync(new DescribeImagesRequest { Filters = [new("name", ["debian-12-amd64-*"])] });

        images.MaxBy(image => image.CreationDate)!.OwnerId.Should().Be(LocalCloudDefaults.StrangerAccountId);
    }

    [Fact]
    public async Task Catalogue_ByNameAndOwner_OffersTheOwnersNewestWithoutDeprecatedOnes()
    {
        var request = new DescribeImagesRequest { Owners = ["136693071363"], Filters = [new("name", ["debian-12-amd64-*"])] };

        var images = await FindAsync(request);
        request.IncludeDeprecated = true;
        var all = await FindAsync(request);

        images.MaxBy(image => image.CreationDate)!.ImageId.Should().Be(_world.Debian);
        (images.Count, all.Count).Should().Be((2, 3));
    }

    [Theory]
    [InlineData("/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64", "al2023-ami-2023.*-arm64", "amazon", "v2.0")]
    [InlineData(
        "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id",
        "ubuntu/images/hvm-ssd-gp3/*",
        null,
        null
    )]
    [InlineData("/aws/service/ami-windows-latest/Windows_Server-2025-English-Full-Base", "Windows_Server-2025-*", "amazon", null)]
    public async Task PublicParameter_OfEveryRegion_NamesAnImageThere(string parameter, string name, string? alias, string? imds)
    {
        foreach (var region in new LocalCloudOptions().Regions)
        {
            var image = await _world.ReadImageAsync(PublicParameters.For(region)[parameter], region);

            image.Name.Should().Match(name);
            image.ImageOwnerAlias.Should().Be(alias);
            (image.ImdsSupport?.Value, image.Public).Should().Be((imds, true));
        }
    }

    [Fact]
    public async Task Owner_Alias_FindsAmazonsOwnOnly()
    {
        var images = await FindAsync(new DescribeImagesRequest { Owners = ["amazon"] });

        images.Select(image => image.OwnerId).Distinct().Should().BeEquivalentTo("137112412989", "801119661308");
    }

    [Fact]
    public async Task Pages_FollowedToTheEnd_HoldEveryImageOnce()
    {
        var request = new DescribeImagesRequest { MaxResults = 7 };
        List<string> seen = [];
        do
        {
            var page = await _world.Ec2.DescribeImagesAsync(request);
            seen.AddRange(page.Images.Select(image => image.ImageId));
            request.NextToken = page.NextToken;
        } while (request.NextToken is not null);

        seen.Should()
            .OnlyHaveUniqueItems()
            .And.HaveCount((await FindAsync(new DescribeImagesRequest())).Count)
            .And.HaveCountGreaterThan(30);
    }

    [Fact]
    public async Task Findings_OfAScan_AreShownWithTheImage()
    {
        var image = await _world.CaptureAsync();
        (await _world.Ec2.GetImageFindingsAsync(new GetImageFindingsRequest { ImageId = image.ImageId }))
            .ImageFindings.Should()
            .BeNullOrEmpty();
        var now = _world.Time.GetUtcNow();
        _world.Cloud.Ec2.SetImageFindings(
            Ec2World.Home,
            image.ImageId,
            now,
            [new("CVE-2026-1 - openssl", "high", 7.5, FixAvailable: true, now), new("CVE-2026-2 - tar", "low", 2, false, now)]
        );

        var found = await _world.Ec2.GetImageFindingsAsync(new GetImageFindingsRequest { ImageId = image.ImageId });
        var scanned = (await _world.ReadImageAsync(image.ImageId)).ScanResults;

        found.ImageFindings.Select(finding => finding.SeverityLabel).Should().Equal("high", "low");
        found.ImageFindings[0].SnapshotId.Should().Be(image.BlockDeviceMappings.Single().Ebs.SnapshotId);
        scanned.HighestFindingSeverityLabel.Should().Be("high");
        scanned.HighFixAvailableSince.Should().NotBeNull();
    }

    private async Task<List<Image>> FindAsync(DescribeImagesRequest request) =>
        (await _world.Ec2.DescribeImagesAsync(request)).Images ?? [];
}
