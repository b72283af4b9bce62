using Amazon.EC2.Model;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Policies;
using BakeWorker.Core.Recipes;
using BakeWorker.LocalCloud.Guests;
using BakeWorker.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace BakeWorker.EndToEnd.Scripted;

/// <summary>The operator's policy at work: nothing is launched for a recipe that breaks it, and no recipe talks its way past it.</summary>
public sealed class PolicyTests
{
    public static TheoryData<string, Func<Recipe, Recipe>> Breaches =>
        new()
        {
            { "publish.share.accounts names '666677778888'", recipe => Share(recipe, new() { Accounts = ["666677778888"] }) },
            {
                "publish.share.organizations names",
                recipe => Share(recipe, new() { OrganizationArns = ["arn:aws:organizations::666677778888:organization/o-abcdefghij"] })
            },
            { "no step is of phase patch", recipe => Without(recipe, StepPhase.Patch) },
            { "no step is of phase cleanup", recipe => Without(recipe, StepPhase.Cleanup) },
            { "builder.rootVolume.encrypted is false", recipe => recipe with { Builder = recipe.Builder with { Encrypted = false } } },
            { "publish.imdsv2 is false", recipe => recipe with { Publish = recipe.Publish with { ImdsV2 = false } } },
            { "scan.source is 'none'", recipe => recipe with { Scan = recipe.Scan with { Source = ScanSource.None } } },
        };

    [Theory]
    [MemberData(nameof(Breaches))]
    public void Recipe_ThatBreaksThePolicy_IsRefusedBeforeAnythingIsLaunched(string why, Func<Recipe, Recipe> change)
    {
        using var bakery = Bakery.Open();

        var result = bakery.Bake(change(bakery.Recipe()));

        result.Outcome.Should().Be(Outcome.Rejected);
        result.Failure!.Code.Should().Be(FailureCodes.PolicyRefused);
        result.Failure.Stage.Should().Be("pin-base");
        result.Failure.Message.Should().Contain(why).And.EndWith(".");
        bakery.Calls.All.Should().NotContain(call => call.Action == "RunInstances");
    }

    [Fact]
    public void Recipe_WithManyBreaches_IsToldAllOfThem()
    {
        var policy = new OperatorPolicy
        {
            Regions = ["us-east-1"],
            Require = new RequirePolicy { Tests = ["penetration"], Tags = ["cost-center"] },
        };
        using var bakery = Bakery.Open(register: services => services.AddSingleton(policy));

        var failure = bakery.Bake().Failure!;

        failure.Message.Should().Contain("2 more in the evidence");
        failure.Evidence!.Split('\n').Should().HaveCount(3);
    }

    [Fact]
    public void Policy_ThatGotStricterMeanwhile_RefusesTheImageThatWasCapturedBefore()
    {
        using var bakery = Bakery.Open();
        using var first = bakery.Hire("first");
        first.Line.Breaks = (_, action) => action == "/coverage/list";
        var recipe = bakery.Recipe();
        bakery.Time.Run(() => Assert.ThrowsAsync<BakeFailedException>(() => first.BakeAsync(recipe, "test-1")));
        var strict = new OperatorPolicy { Require = new RequirePolicy { Tags = ["cost-center"] } };
        using var next = bakery.Hire("stricter", services => services.AddSingleton(strict));

        var result = bakery.Time.Run(() => next.BakeAsync(recipe, "test-1"));

        result.Failure!.Code.Should().Be(FailureCodes.PolicyRefused);
        result.Failure.Stage.Should().Be("judge");
        bakery.Time.Run(bakery.LeftoversAsync).Should().BeEmpty();
    }

    [Fact]
    public void Findings_ThatOnlyThePolicyForbids_RejectAndNameIt()
    {
        var policy = new OperatorPolicy { Findings = new BlockSpec { Severity = Core.Cloud.Severity.Medium } };
        using var bakery = Bakery.Open(register: services => services.AddSingleton(policy));
        bakery.Scenario.Guest().Packages(new PackageList("Debian:12", [new Package("libssl3", "3.0.9-1", "openssl", "amd64")]));
        var recipe = bakery.Recipe();

        var result = bakery.Bake(
            recipe with
            {
                Scan = recipe.Scan with { Block = new BlockSpec { Severity = Core.Cloud.Severity.Critical } },
            }
        );

        result.Failure!.Code.Should().Be(FailureCodes.FindingsBlocked);
        result.Failure.Message.Should().StartWith("By the operator's policy the image is rejected: ");
        result.Verdict!.Passed.Should().BeFalse();
        result.Verdict.Broken.Should().OnlyContain(rule => rule.Of == "policy" && rule.Rule == "severity");
        result
            .Verdict.Broken.SelectMany(rule => rule.Findings)
            .Should()
            .Contain(finding => finding.Package == "libssl3" && finding.Fix != null);
    }

    [Fact]
    public void Image_ByDefault_RefusesImdsV1InEveryRegion()
    {
        using var bakery = Bakery.Open();
        var recipe = bakery.Recipe();

        var result = bakery.Bake(recipe with { Publish = recipe.Publish with { Regions = ["us-east-1"] } });

        foreach (var (region, image) in result.Images)
        {
            using var clients = new LocalCloudClients(bakery.Cloud, region);
            bakery
                .Time.Run(() => clients.Ec2.DescribeImagesAsync(new DescribeImagesRequest { ImageIds = [image] }))
                .Images.Single()
                .ImdsSupport?.Value.Should()
                .Be("v2.0");
        }
    }

    private static Recipe Share(Recipe recipe, LaunchPermissions share) => recipe with { Publish = recipe.Publish with { Share = share } };

    private static Recipe Without(Recipe recipe, StepPhase phase) =>
        recipe with
        {
            Steps = [.. recipe.Steps.Where(step => step.Phase != phase)],
        };
}
