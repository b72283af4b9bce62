using Amazon.EC2.Model;
using Amazon.SimpleSystemsManagement.Model;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;
using BakeWorker.Core.Retiring;
using BakeWorker.Testing;

namespace BakeWorker.EndToEnd.Publishing;

/// <summary>Images go step by step, when nobody needs them; whatever is not known keeps them.</summary>
public sealed class RetireTests
{
    private static readonly RetainSpec KeepOne = new()
    {
        Keep = 1,
        OlderThan = TimeSpan.FromDays(10),
        UnusedFor = TimeSpan.FromDays(2),
        Pause = TimeSpan.FromDays(7),
    };

    [Fact]
    public void Retire_WhatNobodyNeeds_GoesInThreeStepsWithPauses_AndTakesItsSnapshots()
    {
        using var shop = new Shopfront();
        var old = Grown(shop);

        Steps(shop, old).Should().OnlyContain(step => step.Action == RetireAction.Keep && step.Reason.Contains("EC2 was asked"));
        shop.Pass(TimeSpan.FromHours(1));
        Steps(shop, old).Should().OnlyContain(step => step.Action == RetireAction.Deprecate && step.IsDone);
        shop.Pass(TimeSpan.FromDays(1));
        Steps(shop, old).Should().OnlyContain(step => step.Action == RetireAction.Keep && step.Reason.Contains("the next step comes on"));
        Due(shop, old, RetireAction.Disable);
        shop.Images()
            .Where(image => old.Images.Values.Contains(image.ImageId))
            .Should()
            .OnlyContain(image => image.State == Amazon.EC2.ImageState.Disabled);
        Due(shop, old, RetireAction.Deregister);

        shop.Images().Select(image => image.ImageId).Should().NotContain(old.Images.Values);
        var snapshots = shop.Each(async region =>
            (await shop.In(region).Ec2.DescribeSnapshotsAsync(new DescribeSnapshotsRequest { OwnerIds = ["self"] })).Snapshots.Count
        );
        snapshots.Values.Should().OnlyContain(count => count == 2);
    }

    [Fact]
    public void Retire_DryRun_SaysTheSameAndChangesNothing()
    {
        using var shop = new Shopfront();
        var old = Grown(shop);

        Steps(shop, old, apply: false).Should().OnlyContain(step => step.Reason.Contains("EC2 was not asked yet"));

        shop.Bakery.Calls.All.Should().NotContain(call => call.Action == "CreateImageUsageReport");
    }

    [Fact]
    public void Retire_TheUsageReportIsUnavailable_KeepsTheImage()
    {
        using var shop = new Shopfront();
        var old = Grown(shop);
        Steps(shop, old);
        shop.Pass(TimeSpan.FromHours(1));
        shop.Bakery.Cloud.Faults.Plan.Calls("ec2", "DescribeImageUsageReportEntries").Always().Fails();

        Steps(shop, old).Should().OnlyContain(step => step.Action == RetireAction.Keep && step.Reason.StartsWith("may be needed: "));
        shop.Images().Should().OnlyContain(image => !IsDeprecated(shop, image));
    }

    [Fact]
    public void Retire_TheUsageReportIsNotReady_KeepsTheImage()
    {
        using var shop = new Shopfront();
        var old = Grown(shop);
        Steps(shop, old);

        Steps(shop, old).Should().OnlyContain(step => step.Reason == "EC2's report on which other accounts use it is pending");
    }

    [Fact]
    public void Retire_AnotherAccountUsesIt_KeepsItThere()
    {
        using var shop = new Shopfront();
        var old = Grown(shop);
        shop.Bakery.Cloud.Ec2.UseElsewhere("us-east-1", old.Images["us-east-1"], Shopfront.Friend, "ec2:LaunchTemplate");
        Steps(shop, old);
        shop.Pass(TimeSpan.FromHours(1));

        Steps(shop, old)
            .Where(step => step.Action == RetireAction.Keep)
            .Should()
            .ContainSingle()
            .Which.Reason.Should()
            .Be($"account {Shopfront.Friend} (1 ec2:LaunchTemplate) use it");
    }

    [Fact]
    public void Retire_ThePreviousGoodOne_StaysForARollback()
    {
        using var shop = new Shopfront();
        shop.Bake("one");
        var previous = shop.Bake("two");
        shop.Bake("three");
        shop.Pass(TimeSpan.FromDays(60));

        Steps(shop, previous).Should().OnlyContain(step => step.Reason == "a rollback would go to its bake");
    }

    [Fact]
    public void Retire_APointerOfOneRegionNamesIt_KeepsItInAllOfThem()
    {
        using var shop = new Shopfront();
        var old = Grown(shop);
        shop.Run(() => shop.PointAsync("us-east-1", old.Images["us-east-1"]));

        Steps(shop, old).Should().OnlyContain(step => step.Reason == "consumers get its bake in us-east-1");
    }

    [Fact]
    public void Retire_AVersionOfThePointerHasALabel_KeepsIt()
    {
        using var shop = new Shopfront();
        var old = Grown(shop);
        var label = new LabelParameterVersionRequest
        {
            Name = shop.Pointer,
            ParameterVersion = 1,
            Labels = ["stable"],
        };
        shop.Run(() => shop.In("eu-central-1").Ssm.LabelParameterVersionAsync(label));

        Steps(shop, old).Should().OnlyContain(step => step.Reason.EndsWith("in eu-central-1 has the label stable"));
    }

    [Fact]
    public void Retire_SomethingInThisAccountUsesIt_KeepsItThere()
    {
        using var shop = new Shopfront();
        var old = Grown(shop);
        var (template, instance) = shop.Run(() => UseAsync(shop, old));
        Steps(shop, old);
        shop.Pass(TimeSpan.FromHours(1));

        var kept = Steps(shop, old)
            .Where(step => step.Action == RetireAction.Keep)
            .ToDictionary(step => step.Image.Region, step => step.Reason);

        kept.Keys.Should().BeEquivalentTo("eu-central-1", "us-east-1");
        kept["us-east-1"].Should().Contain(template).And.EndWith("uses it");
        kept["eu-central-1"].Should().Match(reason => reason.Contains(instance) || reason.Contains("was launched on"));
    }

    [Fact]
    public void Retire_SomebodyProtectedIt_KeepsItThere()
    {
        using var shop = new Shopfront();
        var old = Grown(shop);
        var request = new EnableImageDeregistrationProtectionRequest { ImageId = old.Images["us-east-1"], WithCooldown = true };
        shop.Run(() => shop.In("us-east-1").Ec2.EnableImageDeregistrationProtectionAsync(request));

        Steps(shop, old).Should().Contain(step => step.Reason == "is protected against deregistration (enabled-with-cooldown)");
    }

    [Fact]
    public void Retire_ARegionDoesNotAnswer_KeepsEverything()
    {
        using var shop = new Shopfront();
        var old = Grown(shop);
        shop.Bakery.Cloud.Faults.Plan.Calls("ssm", "GetParameters").In("us-east-1").Always().Fails();

        var report = Retire(shop);

        report.Problems.Should().ContainSingle().Which.Should().StartWith("pointers and launch templates were not read");
        report.Decisions.Should().OnlyContain(decision => decision.Action == RetireAction.Keep);
        old.Images.Should().NotBeEmpty();
    }

    [Fact]
    public void Retire_AfterABake_IsDoneByTheWorkerItself()
    {
        using var shop = new Shopfront();
        var old = Grown(shop);
        var recipe = shop.Recipe with { Retain = KeepOne };
        shop.Bake("four", recipe);
        shop.Pass(TimeSpan.FromHours(1));

        shop.Bake("five", recipe).Outcome.Should().Be(Outcome.Published);

        shop.Pass(TimeSpan.FromMinutes(5));
        shop.Images().Where(image => IsDeprecated(shop, image)).Select(image => image.ImageId).Should().Contain(old.Images.Values);
    }

    // Three bakes two months ago, of which the first is needed by nobody.
    private static BakeResult Grown(Shopfront shop)
    {
        var old = shop.Bake("one");
        shop.Bake("two");
        shop.Bake("three");
        shop.Pass(TimeSpan.FromDays(60));
        return old;
    }

    // EC2's reports grow old, so it is asked again before each step.
    private static void Due(Shopfront shop, BakeResult bake, RetireAction action)
    {
        shop.Pass(TimeSpan.FromDays(8));
        Steps(shop, bake);
        shop.Pass(TimeSpan.FromHours(1));
        Steps(shop, bake).Should().OnlyContain(step => step.Action == action && step.IsDone && step.Failure == null);
    }

    private static RetireReport Retire(Shopfront shop, bool apply = true) =>
        shop.Run(() => shop.Bakery.Get<Retirement>().RunAsync(shop.Recipe with { Retain = KeepOne }, apply, CancellationToken.None));

    private static List<RetireDecision> Steps(Shopfront shop, BakeResult bake, bool apply = true)
    {
        var report = Retire(shop, apply);
        report.Problems.Should().BeEmpty();
        report
            .Decisions.Where(decision => !bake.Images.Values.Contains(decision.Image.Id.Value))
            .Should()
            .OnlyContain(decision => decision.Action == RetireAction.Keep);
        var steps = report.Decisions.Where(decision => bake.Images.Values.Contains(decision.Image.Id.Value)).ToList();
        steps.Should().HaveCount(3);
        return steps;
    }

    private static async Task<(string Template, string Instance)> UseAsync(Shopfront shop, BakeResult bake)
    {
        var template = await shop.In("us-east-1")
            .Ec2.CreateLaunchTemplateAsync(
                new CreateLaunchTemplateRequest
                {
                    LaunchTemplateName = "theirs",
                    LaunchTemplateData = new() { ImageId = bake.Images["us-east-1"] },
                }
            );
        var run = new RunInstancesRequest(bake.Images["eu-central-1"], 1, 1) { InstanceType = "t3.small" };
        var instance = (await shop.In("eu-central-1").Ec2.RunInstancesAsync(run)).Reservation.Instances.Single();
        return (template.LaunchTemplate.LaunchTemplateId, instance.InstanceId);
    }

    private static bool IsDeprecated(Shopfront shop, Amazon.EC2.Model.Image image) =>
        DateTimeOffset.TryParse(image.DeprecationTime, out var at) && at <= shop.Bakery.Time.GetUtcNow();
}
