using BakeWorker.Core.Cloud;
using BakeWorker.Core.Policies;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Tests.Policies;

public sealed class RetentionPolicyTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 3, 0, 0, TimeSpan.Zero);
    private static readonly RetainSpec KeepTwo = new() { Keep = 2, OlderThan = TimeSpan.FromDays(30) };

    [Fact]
    public void Expired_BeyondTheNewestAndOldEnough_OldestLast() =>
        Expired(Image("a", 100), Image("b", 1), Image("c", 50), Image("d", 40)).Should().Equal("c", "a");

    [Fact]
    public void Expired_ManyButYoung_KeepsThem() => Expired(Image("a", 3), Image("b", 2), Image("c", 1)).Should().BeEmpty();

    [Fact]
    public void Expired_OldButFew_KeepsThem() => Expired(Image("a", 300), Image("b", 200)).Should().BeEmpty();

    [Fact]
    public void Expired_NeverReleased_IsNotItsBusiness() =>
        Expired(Image("a", 100), Image("b", 100), Image("c", 100) with { Tags = new Dictionary<string, string>() }).Should().BeEmpty();

    [Fact]
    public void Expired_UnreadableDate_CountsAsNew()
    {
        var odd = Image("z", 0) with { Tags = new Dictionary<string, string> { [ResourceTags.ReleasedAt] = "yesterday" } };

        Expired(odd, Image("a", 100), Image("b", 90)).Should().Equal("a");
    }

    private static IEnumerable<string> Expired(params Image[] images) =>
        RetentionPolicy.Expired(images, KeepTwo, Now).Select(image => image.Id.Value);

    private static Image Image(string id, int daysOld) =>
        new(new ImageId(id), ImageState.Available)
        {
            Name = id,
            Region = "eu-west-1",
            Tags = new Dictionary<string, string> { [ResourceTags.ReleasedAt] = $"{Now.AddDays(-daysOld):yyyy-MM-ddTHH:mm:ssZ}" },
        };
}
