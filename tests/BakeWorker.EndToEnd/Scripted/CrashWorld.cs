using Amazon.EC2.Model;
using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Amazon.SimpleSystemsManagement.Model;
using Amazon.SQS.Model;
using BakeWorker.Aws;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Policies;
using BakeWorker.Core.Proofs;
using BakeWorker.Core.Recipes;
using BakeWorker.Core.Sweeping;
using BakeWorker.LocalCloud;
using BakeWorker.LocalCloud.Faults;
using BakeWorker.LocalCloud.Guests.Scripted;
using BakeWorker.Testing;
using Microsoft.Extensions.DependencyInjection;
using CreateKeyRequest = Amazon.KeyManagementService.Model.CreateKeyRequest;
using Image = Amazon.EC2.Model.Image;
using LocalAccount = BakeWorker.LocalCloud.LocalCloud;
using Tag = Amazon.EC2.Model.Tag;

namespace BakeWorker.EndToEnd.Scripted;

/// <summary>An account with one request in its queue, a released predecessor and its pointer: workers come, die, and others come after them.</summary>
internal sealed class CrashWorld : IDisposable, IOperationObserver
{
    public const string Recipe = "matrix";
    public const string Pointer = "/images/matrix/current";
    public static readonly string[] OtherRegions = ["eu-central-1", "us-east-1"];
    public const string Proofs = "proofs-of-matrix";
    public const string Template = "matrix";
    public const string Friend = "111122223333";
    public static readonly BakeId Bake = BakeId.For(Recipe, "ci-1");
    private const string OperatorKey = "AKIALOCALCLOUD000000";
    private static readonly string[] Regions = [Bakery.Region, .. OtherRegions];

    private readonly string _recipes;
    private readonly VirtualTime _time = new();
    private readonly LocalAccount _cloud;
    private readonly Dictionary<string, LocalCloudClients> _clients;
    private readonly List<string> _calls = [];
    private string _queue = "";
    private string _key = "";
    private int _lateCall;

    public CrashWorld(string recipes, Action<Scenario> trouble)
    {
        _recipes = recipes;
        Guests = new ScriptedGuestHost(_time);
        Guests.Scenario.Marker = StepMarker.Find;
        trouble(Guests.Scenario);
        _cloud = new LocalAccount(new LocalCloudOptions(), _time, Guests);
        _clients = Regions.ToDictionary(region => region, region => new LocalCloudClients(_cloud, region));
        _time.Run(PrepareAsync);
        _cloud.Faults.Observer = this;
    }

    public ScriptedGuestHost Guests { get; }

    /// <summary>The image that the pointer named before.</summary>
    public string Predecessor { get; private set; } = "";

    /// <summary>What workers called, in order.</summary>
    public IReadOnlyList<string> Calls => _calls;

    private LocalCloudClients Home => _clients[Bakery.Region];

    /// <summary>Lets a worker live until the request is settled or the worker is dead. False when it found nothing to die at.</summary>
    public bool Work(Action<ProcessLife>? fate = null) =>
        _time.Run(async () =>
        {
            var worker = new MortalWorker(_cloud, _time, register: Register);
            fate?.Invoke(worker.Life);
            using var stop = new CancellationTokenSource();
            var running = worker.Get<BakeConsumer>().RunAsync(stop.Token);
            var end = _time.GetUtcNow() + TimeSpan.FromHours(12);
            while (!worker.Life.IsDead && await CountAsync(_queue) > 0 && _time.GetUtcNow() < end)
            {
                await Task.Delay(TimeSpan.FromSeconds(30), _time, CancellationToken.None);
            }

            if (worker.Life.IsDead)
            {
                return true;
            }

            await stop.CancelAsync();
            await running;
            worker.Dispose();
            return false;
        });

    /// <summary>What the worker makes with its n-th call stays hidden until well after its message is visible again.</summary>
    public void ShowLate(int call) => _lateCall = call;

    public int Waiting() => _time.Run(() => CountAsync(_queue));

    public List<BakeResult> Results() =>
        _time.Run(async () =>
        {
            var url = (await Home.Sqs.GetQueueUrlAsync("bake-results")).QueueUrl;
            var received = await Home.Sqs.ReceiveMessageAsync(new ReceiveMessageRequest(url) { MaxNumberOfMessages = 10 });
            return (received.Messages ?? []).Select(message => BakeResultReader.Read(message.Body)!).ToList();
        });

    /// <summary>Images of the account besides the predecessor, by Region.</summary>
    public List<(string Region, Image Image)> Images() =>
        _time.Run(async () =>
        {
            var images = new List<(string, Image)>();
            foreach (var (region, clients) in _clients)
            {
                var page = await clients.Ec2.DescribeImagesAsync(new DescribeImagesRequest { Owners = ["self"], IncludeDisabled = true });
                images.AddRange((page.Images ?? []).Where(image => image.ImageId != Predecessor).Select(image => (region, image)));
            }

            return images;
        });

    /// <summary>Snapshots that belong to no image, instances that live.</summary>
    public List<string> Leftovers() =>
        _time.Run(async () =>
        {
            var left = new List<string>();
            foreach (var (region, clients) in _clients)
            {
                var used = ((await clients.Ec2.DescribeImagesAsync(new DescribeImagesRequest { Owners = ["self"] })).Images ?? [])
                    .SelectMany(image => image.BlockDeviceMappings)
                    .Select(device => device.Ebs.SnapshotId)
                    .ToHashSet();
                var snapshots = await clients.Ec2.DescribeSnapshotsAsync(new DescribeSnapshotsRequest { OwnerIds = ["self"] });
                left.AddRange((snapshots.Snapshots ?? []).Select(snapshot => snapshot.SnapshotId).Where(id => !used.Contains(id)));
                var instances = await clients.Ec2.DescribeInstancesAsync(new DescribeInstancesRequest());
                left.AddRange(
                    (instances.Reservations ?? [])
                        .SelectMany(reservation => reservation.Instances)
                        .Where(instance => instance.State.Name.Value is not ("shutting-down" or "terminated"))
                        .Select(instance => $"{region} {instance.InstanceId} {instance.State.Name.Value}")
                );
            }

            return left;
        });

    /// <summary>Value and version of the pointer; null when there is none.</summary>
    public (string Image, long Version)? FindPointer(string region) =>
        _time.Run<(string, long)?>(async () =>
        {
            try
            {
                var parameter = (await _clients[region].Ssm.GetParameterAsync(new GetParameterRequest { Name = Pointer })).Parameter;
                return (parameter.Value, parameter.Version!.Value);
            }
            catch (ParameterNotFoundException)
            {
                return null;
            }
        });

    /// <summary>The image that launches from the template take.</summary>
    public string FindTemplate(string region) =>
        _time.Run(async () =>
        {
            var request = new DescribeLaunchTemplateVersionsRequest { LaunchTemplateName = Template, Versions = ["$Default"] };
            var versions = await _clients[region].Ec2.DescribeLaunchTemplateVersionsAsync(request);
            return versions.LaunchTemplateVersions.Single().LaunchTemplateData.ImageId;
        });

    /// <summary>Nobody comes for the request any more; long after the bake's deadline a sweep does.</summary>
    public void Abandon() =>
        _time.Run(async () =>
        {
            await Home.Sqs.DeleteQueueAsync(_queue);
            await Task.Delay(TimeSpan.FromHours(9), _time);
            using var sweeper = new MortalWorker(_cloud, _time, register: Register);
            // A copy that was released before its home image is judged anew once that has been taken back.
            for (var pass = 0; pass < 2; pass++)
            {
                (await sweeper.Get<Sweep>().RunAsync(apply: true, CancellationToken.None)).Problems.Should().BeEmpty();
                await Task.Delay(TimeSpan.FromHours(1), _time);
            }
        });

    /// <summary>Parameter writes of a Region are answered and come to nothing from now on.</summary>
    public void LoseWrites(string region) => _cloud.Faults.Plan.LoseParameterWrites(times: int.MaxValue, region: region);

    public void Before(Operation operation)
    {
        if (operation.Caller != OperatorKey)
        {
            _calls.Add($"{operation.Service}:{operation.Action}");
            if (_calls.Count == _lateCall)
            {
                // The message is visible again after 90 s, and who looks for a namesake looks for a minute.
                _cloud.Faults.Plan.HideNew(TimeSpan.FromSeconds(100), times: 1);
            }
        }
    }

    public void After(Operation operation, OperationEnd end) { }

    public void Dispose()
    {
        foreach (var clients in _clients.Values)
        {
            clients.Dispose();
        }

        _time.Run(() => _cloud.DisposeAsync().AsTask());
    }

    private void Register(IServiceCollection services)
    {
        services.AddSingleton(_ => new RecipeSource(_recipes, _time));
        services.AddSingleton(new ConsumerOptions { Concurrency = 1 });
        // Where every reading and writing is a call at which a worker may die.
        var proof = new ProofOptions { Bucket = Proofs, KmsKey = _key };
        services.AddSingleton(provider => provider.GetRequiredService<AwsCloud>().OpenBucket(proof));
        services.AddSingleton(provider => provider.GetRequiredService<AwsCloud>().OpenKey(proof));
        services.AddSingleton(OperatorPolicy.Default with { Share = new SharePolicy { Accounts = [Friend] } });
    }

    private async Task PrepareAsync()
    {
        _queue = (await Home.Sqs.CreateQueueAsync("bake-requests")).QueueUrl;
        await Home.Sqs.CreateQueueAsync("bake-results");
        await Home.S3.PutBucketAsync(Proofs);
        var key = new CreateKeyRequest { KeySpec = KeySpec.ECC_NIST_P256, KeyUsage = KeyUsageType.SIGN_VERIFY };
        _key = (await Home.Kms.CreateKeyAsync(key)).KeyMetadata.KeyId;
        await Home.Sqs.SendMessageAsync(_queue, $$"""{ "recipe": "{{Recipe}}", "requestId": "ci-1" }""");

        var run = new RunInstancesRequest("resolve:ssm:/aws/service/debian/release/12/latest/amd64", 1, 1)
        {
            InstanceType = "t3.small",
            SubnetId = LocalCloudDefaults.For(Bakery.Region).BuilderSubnets[0],
        };
        var instance = (await Home.Ec2.RunInstancesAsync(run)).Reservation.Instances.Single().InstanceId;
        await Task.Delay(TimeSpan.FromMinutes(2), _time);
        Predecessor = (await Home.Ec2.CreateImageAsync(new CreateImageRequest(instance, "predecessor"))).ImageId;
        await Task.Delay(TimeSpan.FromMinutes(2), _time);
        await Home.Ec2.TerminateInstancesAsync(new TerminateInstancesRequest([instance]));
        List<Tag> tags =
        [
            new("bakeworker:bake-id", "bake-0000000000000000"),
            new("bakeworker:recipe", Recipe),
            new("bakeworker:role", "image"),
            new("bakeworker:released-at", "2026-01-01T00:00:00Z"),
        ];
        await Home.Ec2.CreateTagsAsync(new CreateTagsRequest([Predecessor], tags));
        await Home.Ssm.PutParameterAsync(
            new PutParameterRequest
            {
                Name = Pointer,
                Value = Predecessor,
                Type = "String",
                DataType = "aws:ec2:image",
            }
        );
        foreach (var clients in _clients.Values)
        {
            await LetFriendAsync(clients);
        }

        await Task.Delay(TimeSpan.FromMinutes(2), _time);
    }

    // What the recipe publishes to: a key that a friend may use, and a launch template.
    private async Task LetFriendAsync(LocalCloudClients clients)
    {
        await clients.Kms.PutKeyPolicyAsync(
            new PutKeyPolicyRequest
            {
                KeyId = LocalCloudDefaults.KmsAlias,
                Policy =
                    $$"""{ "Statement": [{ "Effect": "Allow", "Principal": { "AWS": "{{Friend}}" }, "Action": "kms:*", "Resource": "*" }] }""",
            }
        );
        await clients.Ec2.CreateLaunchTemplateAsync(
            new CreateLaunchTemplateRequest
            {
                LaunchTemplateName = Template,
                LaunchTemplateData = new() { ImageId = Predecessor, InstanceType = "t3.small" },
            }
        );
    }

    private async Task<int> CountAsync(string queue)
    {
        var seen = await Home.Sqs.GetQueueAttributesAsync(
            queue,
            ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed"]
        );
        return seen.ApproximateNumberOfMessages + seen.ApproximateNumberOfMessagesNotVisible;
    }
}
