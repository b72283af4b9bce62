using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Tests.Recipes;

public sealed class RecipeLoaderTests : IDisposable
{
    private readonly RecipeBox box = new();

    public void Dispose() => box.Dispose();

    [Fact]
    public void Recipe_EveryFieldGiven_IsReadAsWritten()
    {
        var reading = box.Read();

        reading.Problems.Should().BeEmpty();
        var recipe = reading.Recipe!;
        recipe
            .Should()
            .BeEquivalentTo(
                new Recipe
                {
                    Name = "web",
                    Description = "A web server",
                    Owner = "web-team",
                    Platform = Platform.Linux,
                    Architecture = Architecture.X86_64,
                    Base = new BaseSource
                    {
                        Parameter = "/aws/service/debian/release/12/latest/amd64",
                        Owners = ["136693071363"],
                        MaxAge = TimeSpan.FromDays(120),
                    },
                    Builder = new BuilderSpec
                    {
                        InstanceTypes = ["t3.small", "t3a.small"],
                        Market = Market.SpotThenOnDemand,
                        RootVolumeGiB = 10,
                        Encrypted = true,
                        KmsKeyId = "alias/images",
                        Agent = AgentSource.Install,
                    },
                    Parameters = new Dictionary<string, ParameterSpec>
                    {
                        ["appVersion"] = new()
                        {
                            Name = "appVersion",
                            Pattern = @"\d+\.\d+\.\d+",
                            Default = "1.0.0",
                        },
                    },
                    Steps =
                    [
                        new Step
                        {
                            Name = "patch",
                            Phase = StepPhase.Patch,
                            Script = "#!/bin/sh\necho patched\n",
                            ScriptPath = "linux/patch.sh",
                            Timeout = TimeSpan.FromMinutes(30),
                            Retries = 2,
                            Reboot = RebootPolicy.IfNeeded,
                        },
                        new Step
                        {
                            Name = "install",
                            Phase = StepPhase.Install,
                            Script = "#!/bin/sh\necho \"$APP_VERSION\"\n",
                            ScriptPath = "steps/install.sh",
                            Environment = new Dictionary<string, string> { ["APP_VERSION"] = "${appVersion}" },
                        },
                        new Step
                        {
                            Name = "agent",
                            Phase = StepPhase.Install,
                            Document = "AWS-ConfigureAWSPackage",
                            DocumentParameters = new Dictionary<string, string>
                            {
                                ["action"] = "Install",
                                ["name"] = "AmazonCloudWatchAgent",
                            },
                        },
                    ],
                    Tests =
                    [
                        new TestSpec
                        {
                            Name = "app",
                            Script = "#!/bin/sh\ntrue\n",
                            ScriptPath = "tests/app.sh",
                            Timeout = TimeSpan.FromSeconds(90),
                        },
                    ],
                    Boot = new BootSpec { AgentWithin = TimeSpan.FromMinutes(5) },
                    Scan = new ScanSpec
                    {
                        Source = ScanSource.Both,
                        Block = new BlockSpec
                        {
                            Severity = Severity.Critical,
                            FixableOnly = true,
                            Grace = TimeSpan.FromDays(7),
                            Untriaged = Severity.Medium,
                            Max = new Dictionary<Severity, int> { [Severity.High] = 2 },
                            KnownExploit = true,
                            Epss = 0.5,
                            Score = 9.1,
                            IgnoreSuppressed = true,
                            NotWorse = true,
                        },
                        Waivers =
                        [
                            new Waiver
                            {
                                Vulnerability = "CVE-2024-1",
                                Package = "openssl",
                                Reason = "not built in",
                                ApprovedBy = "ada",
                                Expires = new DateOnly(2030, 6, 30),
                            },
                        ],
                        Within = TimeSpan.FromHours(2),
                    },
                    Publish = new PublishSpec
                    {
                        Pointer = "/images/web/current",
                        Regions = ["eu-west-1"],
                        Share = new LaunchPermissions { Accounts = ["111122223333"] },
                        KmsKeys = new Dictionary<string, string> { ["eu-west-1"] = "alias/images" },
                        DeprecateAfter = TimeSpan.FromDays(90),
                    },
                    Retain = new RetainSpec { Keep = 3, OlderThan = TimeSpan.FromDays(60) },
                    Schedule = new ScheduleSpec
                    {
                        Cron = "0 3 * * *",
                        TimeZone = "UTC",
                        SkipIfUnchanged = false,
                        OnBaseChange = false,
                        MaxAge = TimeSpan.FromDays(14),
                    },
                    Labels = new Dictionary<string, string> { ["tier"] = "app" },
                    Tags = new Dictionary<string, string> { ["cost-center"] = "4711" },
                    Digest = recipe.Digest,
                }
            );
        recipe.Digest.Should().MatchRegex("^sha256:[0-9a-f]{64}$");
    }

    [Fact]
    public void Recipe_OnAnotherOneOfOurs_IsReadAsWritten()
    {
        var recipe = box.ReadWith(
            """owners: ["136693071363"]""",
            """
            owners: [self]
              madeBy: golden
              productCodes: [aw0evgkw8e5c1q413zgy5pjce]
            """
        ).Recipe!;

        recipe.Base.MadeBy.Should().Be("golden");
        recipe.Base.ProductCodes.Should().Equal("aw0evgkw8e5c1q413zgy5pjce");
    }

    [Fact]
    public void Recipe_ThatLowersWhatIsSafe_IsReadAsWritten()
    {
        box.ReadWith("within: 2h", "partial: true").Recipe!.Scan.Partial.Should().BeTrue();
        box.ReadWith("deprecateAfter: 90d", "imdsv2: false").Recipe!.Publish.ImdsV2.Should().BeFalse();
    }

    [Fact]
    public void Recipe_OnlyRequiredFields_HasTheDefaultsOfTheContract()
    {
        box.Write(
            "web/recipe.yaml",
            """
            name: web
            owner: web-team
            platform: linux
            architecture: arm64
            base: { image: ami-0123456789abcdef0, owners: [self] }
            steps: [{ name: patch, phase: patch, uses: linux/patch }]
            """
        );

        var recipe = box.Read().Recipe!;

        var defaults = new Recipe
        {
            Name = "",
            Owner = "",
            Platform = Platform.Linux,
            Architecture = Architecture.Arm64,
            Base = recipe.Base,
            Steps = [],
            Digest = "",
        };
        recipe.Description.Should().Be(defaults.Description);
        recipe.Builder.Should().BeEquivalentTo(defaults.Builder with { InstanceTypes = ["t4g.small", "m6g.medium"] });
        recipe.Boot.Should().BeEquivalentTo(defaults.Boot);
        recipe.Scan.Should().BeEquivalentTo(defaults.Scan);
        recipe.Publish.Should().BeEquivalentTo(defaults.Publish);
        recipe.Retain.Should().Be(defaults.Retain);
        recipe.Schedule.Should().BeNull();
        var step = new Step { Name = "patch", Phase = StepPhase.Patch };
        recipe.Steps[0].Should().BeEquivalentTo(step, o => o.Excluding(s => s.Script).Excluding(s => s.ScriptPath));
    }

    [Fact]
    public void Recipe_ManyMistakes_AreAllReportedAtOnceInReadingOrder()
    {
        box.Write(
            "web/recipe.yaml",
            """
            name: Web
            ownr: web-team
            platform: linus
            architecture: x86_64
            base: { parameter: /x, image: ami-1, owners: [] }
            steps:
              - { name: patch, phase: cleanup, uses: linux/pacth }
              - { name: patch, phase: patch, run: ../../etc/passwd.sh, timeout: 30 }
            """
        );

        var reading = box.Read();

        reading.Recipe.Should().BeNull();
        box.Shown(reading)
            .Should()
            .Equal(
                "web/recipe.yaml:1:1: owner is missing; add it, as in owner: platform-team",
                "web/recipe.yaml:1:7: name is 'Web', which does not fit; write 3 to 64 characters of a-z 0-9 . and -, starting with a letter and not ending in . or -.",
                "web/recipe.yaml:2:1: ownr is not a field of a recipe; did you mean 'owner'?",
                "web/recipe.yaml:3:11: platform is 'linus', which is not one of linux, windows; did you mean 'linux'?",
                "web/recipe.yaml:5:31: base.image is 'ami-1', which does not fit; write an AMI id such as ami-0123456789abcdef0.",
                "web/recipe.yaml:5:31: a base names parameter and image; give exactly one of parameter, image, find.",
                "web/recipe.yaml:5:46: base.owners has 0 entries; write 1 to 20.",
                "web/recipe.yaml:8:13: steps[1].name is 'patch', as is that of the step in line 7; give each step a name of its own.",
                "web/recipe.yaml:8:27: steps[1].phase is 'patch' after a step of phase 'cleanup'; move the step up, phases run in the order patch, harden, install, cleanup.",
                "web/recipe.yaml:8:39: steps[1].run names no usable file: ../../etc/passwd.sh leads out of web; keep files that a recipe uses beside it.",
                "web/recipe.yaml:8:69: steps[1].timeout is '30', which has no unit; write a duration from 10s to 8h, such as 90s, 30m, 1h30m or 90d."
            );
    }
}
