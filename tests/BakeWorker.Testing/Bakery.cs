using Amazon.EC2.Model;
using BakeWorker.Aws;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Recipes;
using BakeWorker.LocalCloud;
using BakeWorker.LocalCloud.Guests.Scripted;
using Microsoft.Extensions.DependencyInjection;
using LocalAccount = BakeWorker.LocalCloud.LocalCloud;

namespace BakeWorker.Testing;

/// <summary>
/// A whole world for a test: an AWS account of scripted guests, a worker on the real SDK, and one virtual clock for both.
/// </summary>
public sealed class Bakery : IDisposable
{
    public const string Region = "eu-west-1";
    private readonly ServiceProvider _services;

    private Bakery(Action<BakeryOptions>? configure, Action<IServiceCollection>? register, Action<AwsOptions>? aws)
    {
        Guests = new ScriptedGuestHost(Time);
        Scenario.Marker = StepMarker.Find;
        Cloud = new LocalAccount(new LocalCloudOptions(), Time, Guests);
        Clients = new LocalCloudClients(Cloud, Region);
        Calls = new RecordedCalls(Cloud.CreateHandler(), Time);
        _services = WorkerServices.Build("test-worker", Time, Calls, Log, Proofs, configure, register, aws);
    }

    public VirtualTime Time { get; } = new();
    public ScriptedGuestHost Guests { get; }
    public Scenario Scenario => Guests.Scenario;
    public LocalAccount Cloud { get; }
    public LocalCloudClients Clients { get; }
    public RecordedCalls Calls { get; }
    public RecordedLog Log { get; } = new();

    /// <summary>Where all workers of this world keep proofs.</summary>
    public MemoryProofs Proofs { get; } = new();

    public static Bakery Open(
        Action<BakeryOptions>? configure = null,
        Action<IServiceCollection>? register = null,
        Action<AwsOptions>? aws = null
    ) => new(configure, register, aws);

    /// <summary>One more worker on the same account, with a line of its own that can be cut.</summary>
    public HiredWorker Hire(string name, Action<IServiceCollection>? register = null, Action<BakeryOptions>? configure = null)
    {
        var line = new Line(Cloud.CreateHandler(), Time);
        return new HiredWorker(line, WorkerServices.Build(name, Time, line, Log, Proofs, configure, register));
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>A shipped recipe.</summary>
    public Recipe Recipe(string name = "debian-12-base") => Get<RecipeSource>().Require(name);

    /// <summary>Bakes on virtual time, without a queue.</summary>
    public BakeResult Bake(Recipe? recipe = null, string requestId = "test-1") => Time.Run(() => BakeAsync(recipe, requestId));

    public Task<BakeResult> RunAsync(Bake bake) => Get<BakeRunner>().RunAsync(bake, NoObserver.Instance, false, CancellationToken.None);

    public Task<BakeResult> BakeAsync(Recipe? recipe = null, string requestId = "test-1", bool retry = false)
    {
        recipe ??= Recipe();
        var request = new BakeRequest { Recipe = recipe.Name, RequestId = requestId };
        var bake = Get<BakeIntake>().Create(request, recipe);
        return Get<BakeRunner>().RunAsync(bake, NoObserver.Instance, retry, CancellationToken.None);
    }

    /// <summary>Everything of ours that costs money or can be seen: must be empty after a bake that failed.</summary>
    public async Task<IReadOnlyList<string>> LeftoversAsync()
    {
        var instances = await Get<ICloud>().Home.Instances.ListAsync(CancellationToken.None);
        var images = await Clients.Ec2.DescribeImagesAsync(new DescribeImagesRequest { Owners = ["self"], IncludeDisabled = true });
        var snapshots = await Clients.Ec2.DescribeSnapshotsAsync(new DescribeSnapshotsRequest { OwnerIds = ["self"] });
        return
        [
            .. instances.Where(instance => !instance.IsGone).Select(instance => instance.Id.Value),
            .. (images.Images ?? []).Select(image => image.ImageId),
            .. (snapshots.Snapshots ?? []).Select(snapshot => snapshot.SnapshotId),
        ];
    }

    public void Dispose()
    {
        Clients.Dispose();
        _services.Dispose();
        Time.Run(() => Cloud.DisposeAsync().AsTask());
    }
}
