using BakeWorker.Core.Cloud;
using BakeWorker.Core.Policies;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Tests.Policies;

public sealed class RetentionPolicyTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 3, 0, 0, TimeSpan.Zero);
    private static readonly RetainSpec KeepTwo = new() { Keep = 2, OlderThan = TimeSpan.FromDays(30) };

    [Fact]
    public void Judge_BeyondTheNewestAndOldEnough_HaveHadTheirTime() =>
        Expired(Image("a", 100), Image("b", 1), Image("c", 50), Image("d", 40)).Should().Equal("c", "a");

    [Fact]
    public void Judge_ManyButYoung_KeepsThem() => Expired(Image("a", 3), Image("b", 2), Image("c", 1)).Should().BeEmpty();

    [Fact]
    public void Judge_OldButFew_KeepsThem() => Expired(Image("a", 300), Image("b", 200)).Should().BeEmpty();

    [Fact]
    public void Judge_NeverReleased_IsNotItsBusiness() =>
        Expired(Image("a", 100), Image("b", 100), Image("c", 100) with { Tags = new Dictionary<string, string>() }).Should().BeEmpty();

    [Fact]
    public void Judge_UnreadableDate_CountsAsNew()
    {
        var odd = Image("z", 0, (ResourceTags.ReleasedAt, "yesterday"));

        Expired(odd, Image("a", 100), Image("b", 90)).Should().Equal("a");
    }

    [Fact]
    public void Judge_WhatSomebodyRolledBackFrom_IsNoneOfTheGoodOnes() =>
        Expired(Image("a", 100), Image("b", 90), Image("bad", 80, (ResourceTags.WithdrawnAt, "2026-09-01T00:00:00Z")), Image("d", 70))
            .Should()
            .Equal("bad", "a");

    [Fact]
    public void Judge_WhatWasNeverJudgedOrIsDisabled_IsNoneOfTheGoodOnes() =>
        Expired(
                Image("a", 100),
                Image("b", 90),
                Image("unjudged", 80, (ResourceTags.Verdict, "no")),
                Image("off", 70) with
                {
                    State = ImageState.Disabled,
                },
                Image("e", 60)
            )
            .Should()
            .Equal("off", "unjudged", "a");

    [Fact]
    public void Judge_CopiesOfABake_StayOrGoTogether()
    {
        var copy = Image("copy", 40, (ResourceTags.BakeId, "old")) with { Region = "us-east-1" };

        Expired(Image("old", 100), copy, Image("b", 20), Image("c", 10)).Should().Equal("old", "copy");
    }

    [Fact]
    public void Judge_SaysWhy()
    {
        var judged = RetentionPolicy.Judge([Image("a", 10), Image("b", 9), Image("c", 8)], KeepTwo, Now);

        judged
            .Select(image => image.Keep)
            .Should()
            .Equal(
                "is one of the 2 newest good ones",
                "is one of the 2 newest good ones",
                "was released on 2026-11-12, and stays until 2026-12-12"
            );
    }

    private static IEnumerable<string> Expired(params Image[] images) =>
        RetentionPolicy.Judge(images, KeepTwo, Now).Where(image => image.Keep is null).Select(image => image.Image.Id.Value);

    private static Image Image(string id, int daysOld, params (string Key, string Value)[] tags)
    {
        var all = new Dictionary<string, string>
        {
            [ResourceTags.BakeId] = id,
            [ResourceTags.Verdict] = ResourceTags.Passed,
            [ResourceTags.ReleasedAt] = $"{Now.AddDays(-daysOld):yyyy-MM-ddTHH:mm:ssZ}",
        };
        foreach (var (key, value) in tags)
        {
            all[key] = value;
        }

        return new(new ImageId(id), ImageState.Available)
        {
            Name = id,
            Region = "eu-west-1",
            Tags = all,
        };
    }
}
