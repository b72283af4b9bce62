using Amazon.EC2.Model;
using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using BakeWorker.Aws;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Policies;
using BakeWorker.Core.Proofs;
using BakeWorker.Core.Publishing;
using BakeWorker.Core.Recipes;
using BakeWorker.Core.Retiring;
using BakeWorker.Core.Scheduling;
using BakeWorker.Core.Sweeping;
using BakeWorker.EndToEnd.Scripted;
using BakeWorker.LocalCloud.Guests;
using BakeWorker.LocalCloud.Inspector;
using BakeWorker.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace BakeWorker.EndToEnd.Iam;

/// <summary>
/// Days in the life of a worker that together make every call it can make, and what a recorder heard of them. A call that is made on no day is one that
/// the policy should not allow: whoever adds a call adds the day on which it is made.
/// </summary>
internal static class Workdays
{
    private const string Abroad = "us-east-1";
    private const string Friend = "111122223333";
    private const string Bucket = "proofs-of-days";

    public static IReadOnlyDictionary<string, Func<IEnumerable<string>>> All { get; } =
        new Dictionary<string, Func<IEnumerable<string>>>
        {
            ["published in two Regions and shared"] = () => Day(SharedDay),
            ["published in part and taken back"] = () => Day(TakenBackDay),
            ["shared with everybody"] = () => Day(bakery => bakery.Bake(Public(bakery.Recipe()))),
            ["two at once"] = () =>
                Day(bakery => bakery.Time.Run(() => Task.WhenAll(bakery.BakeAsync(requestId: "a"), bakery.BakeAsync(requestId: "b")))),
            ["base found by its name"] = () =>
                Day(bakery =>
                    bakery.Bake(
                        bakery.Recipe() with
                        {
                            Base = new() { Name = "debian-12-amd64-*", Owners = ["136693071363"] },
                        }
                    )
                ),
            ["scanned as an image"] = () =>
                Day(bakery => Publish(bakery, With(bakery.Recipe(), recipe => recipe.Scan with { Source = ScanSource.Both }))),
            ["scan never begins"] = () =>
                Day(bakery =>
                {
                    bakery.Cloud.Inspector.Behavior.IsEnabled = false;
                    bakery.Bake();
                }),
            ["rejected for its findings"] = () =>
                Day(bakery =>
                {
                    var old = new PackageList("Debian:12", [new Package("libssl3", "3.0.9-1", "openssl", "amd64")]);
                    bakery.Scenario.Guest().Packages(old);
                    bakery.Bake(
                        With(bakery.Recipe(), recipe => recipe.Scan with { Block = new BlockSpec { Severity = Core.Cloud.Severity.Low } })
                    );
                }),
            ["a step fails"] = () =>
                Day(bakery =>
                {
                    bakery.Scenario.Command("*/step/harden/*").Fails();
                    bakery.Bake();
                }),
            ["a step hangs"] = () =>
                Day(bakery =>
                {
                    bakery.Scenario.Command("*/step/harden/*").Hangs();
                    bakery.Bake();
                }),
            ["the image does not boot"] = () =>
                Day(bakery =>
                {
                    bakery.Scenario.Guest().ForRole("tester").BootFails();
                    bakery.Bake();
                }),
            ["on spot"] = () => Day(bakery => Publish(bakery, Spot(bakery.Recipe()))),
            ["cancelled"] = () => Day(CancelledDay),
            ["swept"] = () => Day(SweptDay),
            ["predecessors retired"] = () => Day(RetiringDay),
            ["requests from the queue, good and bad, and from schedules"] = QueueDay,
        };

    /// <summary>Service and operation, such as <c>ec2:RunInstances</c>, of every call.</summary>
    public static IEnumerable<string> Heard(RecordedCalls calls) =>
        calls.All.Select(call => $"{call.Service}:{InspectorRoutes.ByPath.GetValueOrDefault(call.Action, call.Action)}").Distinct();

    private static IEnumerable<string> Day(Action<Bakery> work)
    {
        var proof = new ProofOptions { Bucket = Bucket };
        using var bakery = Bakery.Open(register: services =>
            services
                .AddSingleton(provider => provider.GetRequiredService<AwsCloud>().OpenBucket(proof))
                .AddSingleton(provider => provider.GetRequiredService<AwsCloud>().OpenKey(proof))
                .AddSingleton(new SweepOptions { Regions = [Abroad] })
                .AddSingleton(
                    new OperatorPolicy
                    {
                        Share = new SharePolicy { Accounts = [Friend], Public = true },
                        Require = new RequirePolicy { Encryption = false },
                    }
                )
        );
        bakery.Time.Run(async () =>
        {
            await bakery.Clients.S3.PutBucketAsync(Bucket);
            var key = new CreateKeyRequest { KeySpec = KeySpec.ECC_NIST_P256, KeyUsage = KeyUsageType.SIGN_VERIFY };
            proof.KmsKey = (await bakery.Clients.Kms.CreateKeyAsync(key)).KeyMetadata.KeyId;
        });
        work(bakery);
        return Heard(bakery.Calls);
    }

    // A day that does not end as it should would leave out calls without anybody noticing.
    private static void Publish(Bakery bakery, Recipe recipe, string requestId = "test-1")
    {
        var result = bakery.Bake(recipe, requestId);
        result.Outcome.Should().Be(Outcome.Published, result.Failure?.Message);
    }

    private static IEnumerable<string> QueueDay()
    {
        using var office = new Office();
        office.Work("""{ "recipe": "debian-12-base", "requestId": "good" }""", """{ "recipe": "nobody-knows-it" }""", "not even JSON");
        office.Run(() => office.Bakery.Get<Scheduler>().LookAsync(CancellationToken.None));
        return Heard(office.Bakery.Calls);
    }

    private static void CancelledDay(Bakery bakery)
    {
        bakery.Scenario.Command("*/step/harden/*").Hangs();
        bakery.Time.Run(async () =>
        {
            var bake = bakery.BakeAsync();
            await Task.Delay(TimeSpan.FromMinutes(5), bakery.Time);
            await bakery.Get<BakeCancelling>().AskAsync(BakeId.For("debian-12-base", "test-1").Value, CancellationToken.None);
            await bake;
        });
    }

    private static void SweptDay(Bakery bakery) =>
        bakery.Time.Run(async () =>
        {
            var plant = new Planting(bakery.Clients, bakery.Time);
            var tags = Planting.Tags("bake-00000000deadbeef", "image", bakery.Time.GetUtcNow() - TimeSpan.FromDays(1));
            await plant.ImageAsync(tags);
            await plant.SnapshotAsync(tags);
            await plant.InstanceAsync(new Dictionary<string, string>(tags) { [ResourceTags.Role] = "builder" });
            await Task.Delay(TimeSpan.FromHours(2), bakery.Time);
            await bakery.Get<Sweep>().RunAsync(apply: true, CancellationToken.None);
        });

    private static void SharedDay(Bakery bakery)
    {
        bakery.Time.Run(() => LetFriendAsync(bakery));
        var recipe = Shared(bakery.Recipe());
        Publish(bakery, recipe);
        Publish(bakery, recipe, "test-2");
        bakery.Time.Run(() => bakery.Get<Rollback>().RunAsync(recipe, null, CancellationToken.None));
    }

    private static void TakenBackDay(Bakery bakery)
    {
        bakery.Time.Run(() => LetFriendAsync(bakery));
        bakery.Cloud.Faults.Plan.LoseParameterWrites(region: Bakery.Region);
        bakery.Bake(Shared(bakery.Recipe())).Failure!.Code.Should().Be(FailureCodes.PublishFailed);
    }

    private static async Task LetFriendAsync(Bakery bakery)
    {
        foreach (var region in new[] { Bakery.Region, Abroad })
        {
            using var clients = new LocalCloudClients(bakery.Cloud, region);
            await clients.Kms.PutKeyPolicyAsync(
                new PutKeyPolicyRequest
                {
                    KeyId = LocalCloud.LocalCloudDefaults.KmsAlias,
                    Policy = $$"""{ "Statement": [{ "Effect": "Allow", "Principal": { "AWS": "{{Friend}}" }, "Action": "kms:*" }] }""",
                }
            );
            await clients.Ec2.CreateLaunchTemplateAsync(
                new CreateLaunchTemplateRequest
                {
                    LaunchTemplateName = "web",
                    LaunchTemplateData = new() { InstanceType = "t3.small" },
                }
            );
        }
    }

    private static void RetiringDay(Bakery bakery)
    {
        var recipe = bakery.Recipe();
        recipe = recipe with
        {
            Base = recipe.Base with { MaxAge = null },
            Retain = new RetainSpec { Keep = 1, OlderThan = TimeSpan.FromDays(1) },
        };
        foreach (var day in Enumerable.Range(0, 5))
        {
            Publish(bakery, recipe, $"day-{day}");
            bakery.Time.Run(() => Task.Delay(TimeSpan.FromHours(1), bakery.Time));
            bakery.Time.Run(() => bakery.Get<Retirement>().RunAsync(recipe, apply: true, CancellationToken.None));
            bakery.Time.Run(() => Task.Delay(TimeSpan.FromDays(40), bakery.Time));
        }
    }

    // What is encrypted with EBS's own key cannot be shared.
    private static Recipe Shared(Recipe recipe) =>
        recipe with
        {
            Builder = recipe.Builder with { KmsKeyId = LocalCloud.LocalCloudDefaults.KmsAlias },
            Publish = recipe.Publish with
            {
                Regions = [Abroad],
                Share = new() { Accounts = [Friend] },
                ShareSnapshots = true,
                LaunchTemplate = "web",
                KmsKeys = new Dictionary<string, string> { [Abroad] = LocalCloud.LocalCloudDefaults.KmsAlias },
                DeprecateAfter = TimeSpan.FromDays(90),
            },
        };

    private static Recipe Public(Recipe recipe) =>
        recipe with
        {
            Builder = recipe.Builder with { Encrypted = false },
            Publish = recipe.Publish with
            {
                Regions = [Abroad],
                Share = new() { IsPublic = true },
                ShareSnapshots = true,
            },
        };

    private static Recipe Spot(Recipe recipe) => recipe with { Builder = recipe.Builder with { Market = Market.Spot } };

    private static Recipe With(Recipe recipe, Func<Recipe, ScanSpec> scan) => recipe with { Scan = scan(recipe) };
}
