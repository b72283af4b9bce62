using Amazon.EC2.Model;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;
using BakeWorker.LocalCloud;
using BakeWorker.LocalCloud.Guests;
using BakeWorker.Testing;
using Tag = Amazon.EC2.Model.Tag;

namespace BakeWorker.EndToEnd.Skipping;

/// <summary>A bake that is wanted only if something changed: skipped when provably nothing did, and it always says why.</summary>
public sealed class SkipTests : IDisposable
{
    private static readonly PackageList Old = new("Debian:12", [new Package("curl", "7.88.1-10", "curl", "amd64")]);
    private static readonly PackageList Clean = new("Debian:12", [new Package("curl", "8.0-1", "curl", "amd64")]);
    private readonly Bakery _bakery = Bakery.Open();

    public SkipTests()
    {
        _bakery.Scenario.Guest().Packages(Clean);
        _bakery.Scenario.Command("*/updates").ForRole("probe").Prints("updates: 0\n");
    }

    public void Dispose() => _bakery.Dispose();

    [Fact]
    public void Bake_WhenNothingChanged_IsSkippedWithEveryPartThatWasCompared()
    {
        var image = _bakery.Bake().Images.Values.Single();

        var result = IfChanged();

        result.Outcome.Should().Be(Outcome.Skipped, result.Comparison?.Text ?? result.Failure?.Message);
        result.Images.Should().BeEmpty();
        result.Comparison!.Image.Should().Be(image);
        result.Comparison.Text.Should().Be($"nothing changed since {image}");
        result.Comparison.Parts.Select(part => part.Part).Should().Equal("base", "recipe", "parameters", "age", "findings", "updates");
        result.Comparison.Parts.Should().OnlyContain(part => part.Result == "same");
        _bakery.Time.Run(_bakery.LeftoversAsync).Should().HaveCount(2, "the image and its snapshot are all there is");
        Roles().Should().NotContain(["builder"], "no builder was launched for it");
    }

    [Fact]
    public void Bake_OfANewerBase_IsBakedWithoutAskingAMachine()
    {
        var bases = Bases();
        var recipe = _bakery.Recipe();
        var before = _bakery.Bake(From(recipe, bases[1])).Images.Values.Single();

        // As if only the base had moved: a parameter's new value changes no digest.
        var result = IfChanged(From(recipe, bases[0]));

        result.Outcome.Should().Be(Outcome.Published);
        result.Comparison!.Image.Should().Be(before);
        result.Comparison.Text.Should().Be($"base changed: {bases[1]} -> {bases[0]}");
        Part(result, "updates").Result.Should().Be("not-asked");
        Roles().Should().NotContain("probe");
    }

    [Fact]
    public void Bake_OfAnotherRecipeTextOrValue_IsBaked()
    {
        _bakery.Bake();

        var edited = IfChanged(_bakery.Recipe() with { Digest = $"sha256:{new string('e', 64)}" });
        var other = IfChanged(_bakery.Recipe() with { Digest = edited.RecipeDigest! }, ("appVersion", "2.0.0"));

        edited.Outcome.Should().Be(Outcome.Published);
        Part(edited, "recipe").Result.Should().Be("changed");
        other.Outcome.Should().Be(Outcome.Published);
        Changed(other).Should().Equal("parameters");
        other.Comparison!.Text.Should().NotContain("2.0.0", "what is compared is a digest");
    }

    [Fact]
    public void Bake_OfAnImageThatIsOldEnough_IsBakedChangedOrNot()
    {
        _bakery.Bake();
        Pass(TimeSpan.FromDays(29));
        IfChanged().Outcome.Should().Be(Outcome.Skipped);
        Pass(TimeSpan.FromDays(2));

        var result = IfChanged();

        result.Outcome.Should().Be(Outcome.Published);
        Part(result, "age").Detail.Should().Contain("is 31 days old, 30 are allowed");
    }

    [Fact]
    public void Bake_WithPendingUpdates_IsBakedAndNamesThem()
    {
        _bakery.Bake();
        _bakery.Scenario.Command("*/updates").Prints("updates: 2\nopenssl 3.0.14 -> 3.0.15\nlibssl3 3.0.14 -> 3.0.15\n");

        var result = IfChanged();

        result.Outcome.Should().Be(Outcome.Published);
        Changed(result).Should().Equal("updates");
        Part(result, "updates").Detail.Should().Be("2 pending: openssl 3.0.14 -> 3.0.15, libssl3 3.0.14 -> 3.0.15");
        _bakery.Time.Run(_bakery.LeftoversAsync).Should().HaveCount(4, "two images with their snapshots; the probe is gone");
    }

    [Theory]
    [InlineData("")]
    [InlineData("updates: some\n")]
    [InlineData("E: could not get lock\nupdates: 0\n")]
    public void Probe_ThatDoesNotSayHowMany_IsNoSkip(string said)
    {
        _bakery.Bake();
        _bakery.Scenario.Command("*/updates").Prints(said);

        Unknown(IfChanged(), "updates").Should().Contain("gave no answer");
    }

    [Fact]
    public void Probe_ThatFails_IsNoSkip()
    {
        _bakery.Bake();
        _bakery.Scenario.Command("*/updates").Fails(3, "updates: packages were changed since this instance booted");

        Unknown(IfChanged(), "updates").Should().Contain("exit code 3").And.Contain("packages were changed");
    }

    [Fact]
    public void Probe_WithoutAnAgent_IsNoSkip()
    {
        _bakery.Bake();
        _bakery.Scenario.Guest().ForRole("probe").HasAgent(false);

        Unknown(IfChanged(), "updates").Should().Contain("was not online within 10 min");
    }

    [Fact]
    public void Image_ThatNobodyCanCompare_IsBaked()
    {
        IfChanged().Comparison!.Text.Should().EndWith("/images/debian-12-base/current names no image yet");

        var image = Current();
        Untag(image, ResourceTags.Parameters);
        Unknown(IfChanged(), "parameters").Should().Be($"{image} has no tag bakeworker:parameters");

        image = Current();
        Untag(image, ResourceTags.ReleasedAt);
        Unknown(IfChanged(), "image").Should().Be($"{image}, now in use, was never released");
    }

    [Fact]
    public void Finding_ThatCanBeFixedNow_IsBaked_AndOneOfAConsumersOwnPackageIsNot()
    {
        var image = _bakery.Bake().Images.Values.Single();
        _bakery.Scenario.Guest().ForRole("consumer").Packages(new("Debian:12", [new Package("openssl", "3.0.9-1", "openssl", "amd64")]));
        Consume(image);
        IfChanged().Outcome.Should().Be(Outcome.Skipped);

        _bakery.Scenario.Guest().ForRole("consumer").Packages(Old);
        Consume(image);
        var result = IfChanged();

        result.Outcome.Should().Be(Outcome.Published);
        Changed(result).Should().Equal("findings");
        Part(result, "findings").Detail.Should().Contain("CVE-2023-38545 in curl");
    }

    [Fact]
    public void Finding_ThatCouldBeFixedBefore_IsNoReason()
    {
        _bakery.Scenario.Guest().Packages(Old);
        var tolerant = _bakery.Recipe() is var recipe
            ? recipe with
            {
                Scan = recipe.Scan with
                {
                    Block = new BlockSpec
                    {
                        Severity = Severity.Critical,
                        Max = new Dictionary<Severity, int> { [Severity.Critical] = 9 },
                    },
                },
            }
            : null!;
        Consume(_bakery.Bake(tolerant).Images.Values.Single());

        var result = IfChanged(tolerant);

        result.Outcome.Should().Be(Outcome.Skipped, result.Comparison?.Text);
    }

    [Theory]
    [InlineData("CreateImage")]
    [InlineData("DescribeImages")]
    public void Attempt_AfterOneThatHadBegunToBake_GoesOnForTheSameReasonWithoutComparingAgain(string last)
    {
        _bakery.Bake();
        _bakery.Scenario.Command("*/updates").Prints("updates: 1\ntzdata 1 -> 2\n");
        using var first = _bakery.Hire("first");
        var captured = false;
        first.Line.Breaks = (_, action) => (captured |= action == "CreateImage") && action == last;
        var bake = Ask(_bakery.Recipe(), "again");
        _bakery.Time.Run(() =>
            Assert.ThrowsAsync<BakeFailedException>(() =>
                first.Get<Core.Pipeline.BakeRunner>().RunAsync(bake, Core.Pipeline.NoObserver.Instance, true, CancellationToken.None)
            )
        );

        _bakery.Scenario.Command("*/updates").Prints("updates: 0\n");
        var result = _bakery.Time.Run(() => _bakery.RunAsync(bake));

        result.Outcome.Should().Be(Outcome.Published, result.Failure?.Message);
        result.Comparison!.Text.Should().Be("updates changed: 1 pending: tzdata 1 -> 2");
        result.Comparison.Parts.Should().BeEmpty("another attempt compared them");
    }

    private BakeResult IfChanged(Recipe? recipe = null, params (string Name, string Value)[] parameters)
    {
        var bake = Ask(recipe ?? _bakery.Recipe(), $"nightly-{_bakery.Time.GetUtcNow().Ticks}", parameters);
        return _bakery.Time.Run(() => _bakery.RunAsync(bake));
    }

    private Bake Ask(Recipe recipe, string requestId, params (string Name, string Value)[] parameters) =>
        _bakery
            .Get<BakeIntake>()
            .Create(
                new BakeRequest
                {
                    Recipe = recipe.Name,
                    RequestId = requestId,
                    Parameters = parameters.ToDictionary(one => one.Name, one => one.Value),
                    IfChanged = true,
                },
                recipe
            );

    private static ResultPart Part(BakeResult result, string name) => result.Comparison!.Parts.Single(part => part.Part == name);

    private static IEnumerable<string> Changed(BakeResult result) =>
        result.Comparison!.Parts.Where(part => part.Result == "changed").Select(part => part.Part);

    private static string Unknown(BakeResult result, string name)
    {
        result.Outcome.Should().Be(Outcome.Published, result.Comparison?.Text ?? result.Failure?.Message);
        var part = Part(result, name);
        part.Result.Should().Be("unknown");
        return part.Detail!;
    }

    private void Pass(TimeSpan time) => _bakery.Time.Run(() => Task.Delay(time, _bakery.Time, CancellationToken.None));

    private static Recipe From(Recipe recipe, string image) =>
        recipe with
        {
            Base = recipe.Base with { Parameter = null, Image = image, MaxAge = null },
        };

    private List<string> Bases() =>
        _bakery.Time.Run(async () =>
        {
            var request = new DescribeImagesRequest { Owners = ["136693071363"], Filters = [new Filter("name", ["debian-12-amd64-*"])] };
            var seen = await _bakery.Clients.Ec2.DescribeImagesAsync(request);
            return seen.Images.OrderByDescending(image => image.CreationDate).Select(image => image.ImageId).ToList();
        });

    private string Current() =>
        _bakery.Time.Run(async () =>
            (await _bakery.Clients.Ssm.GetParameterAsync(new() { Name = "/images/debian-12-base/current" })).Parameter.Value
        );

    private void Untag(string image, string tag) =>
        _bakery.Time.Run(() => _bakery.Clients.Ec2.DeleteTagsAsync(new() { Resources = [image], Tags = [new Tag { Key = tag }] }));

    /// <summary>Somebody runs an instance of the image long enough for Inspector to have looked at it.</summary>
    private void Consume(string image)
    {
        _bakery.Time.Run(() =>
            _bakery.Clients.Ec2.RunInstancesAsync(
                new RunInstancesRequest
                {
                    ImageId = image,
                    InstanceType = Amazon.EC2.InstanceType.T3Small,
                    MinCount = 1,
                    MaxCount = 1,
                    IamInstanceProfile = new() { Name = LocalCloudDefaults.InstanceProfile },
                    TagSpecifications =
                    [
                        new() { ResourceType = Amazon.EC2.ResourceType.Instance, Tags = [new Tag(ResourceTags.Role, "consumer")] },
                    ],
                }
            )
        );
        Pass(TimeSpan.FromMinutes(10));
        // LocalCloud's Inspector goes to work when somebody looks.
        _bakery.Time.Run(() => _bakery.Get<ICloud>().Home.Scans.FindFixableAsync(new ImageId(image), CancellationToken.None));
        Pass(TimeSpan.FromHours(2));
    }

    private List<string> Roles() =>
        [
            .. _bakery
                .Guests.Guests.Where(guest => guest.Spec.Tags.ContainsKey(ResourceTags.BakeId))
                .Select(guest => guest.Spec.Tags[ResourceTags.Role])
                .Skip(2), // builder and tester of the first image
        ];
}
