using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;
using BakeWorker.LocalCloud;
using BakeWorker.LocalCloud.Guests.Scripted;
using BakeWorker.Testing;
using LocalAccount = BakeWorker.LocalCloud.LocalCloud;

namespace BakeWorker.Aws.Tests;

/// <summary>The adapters over the real SDK, a LocalCloud in memory behind them, on virtual time.</summary>
internal sealed class AwsWorld : IDisposable
{
    public const string Region = "eu-west-1";

    public AwsWorld(Action<AwsOptions>? configure = null)
    {
        Guests = new ScriptedGuestHost(Time);
        Guests.Scenario.Guest().HasAgent();
        Cloud = new LocalAccount(new LocalCloudOptions(), Time, Guests);
        Wire = new Wire(Cloud.CreateHandler());
        Clients = new LocalCloudClients(Cloud, Region);
        var options = new AwsOptions
        {
            Region = Region,
            Queue = "bakes",
            InstanceProfile = "bakeworker",
        };
        configure?.Invoke(options);
        Aws = AwsCloud.Create(options, Time, Wire, random: () => 0.5);
    }

    public VirtualTime Time { get; } = new();
    public ScriptedGuestHost Guests { get; }
    public LocalAccount Cloud { get; }
    public Wire Wire { get; }

    /// <summary>The same cloud without our adapters, to look behind them.</summary>
    public LocalCloudClients Clients { get; }
    public AwsCloud Aws { get; }
    public IRegion Home => Aws.Home;
    public LocalCloudDefaults Defaults { get; } = LocalCloudDefaults.For(Region);
    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Run(Func<Task> work) => Time.Run(work);

    public async Task<BaseImage> BaseAsync() => (await Home.Images.FindBaseAsync(Sample.Recipe().Base, Architecture.X86_64, Ct))!;

    public async Task<LaunchOrder> OrderAsync() => Sample.Order(await BaseAsync(), Defaults.BuilderSubnet("a"));

    public async Task<Instance> LaunchAsync(Bake bake) => (await Home.Instances.EnsureAsync(bake, await OrderAsync(), Ct)).Instance!;

    /// <summary>A builder that runs and whose agent answers.</summary>
    public async Task<Instance> BuilderAsync(Bake bake)
    {
        var launched = await LaunchAsync(bake);
        return await WaitAsync(async () =>
        {
            var agents = await Home.Agents.ReadAsync([launched.Id], Ct);
            return agents.ContainsKey(launched.Id) ? await SeeAsync(launched.Id) : null;
        });
    }

    public async Task<Instance> StoppedBuilderAsync(Bake bake)
    {
        var builder = await BuilderAsync(bake);
        await Clients.Ec2.StopInstancesAsync(new() { InstanceIds = [builder.Id.Value] }, Ct);
        return await WaitAsync(async () => await SeeAsync(builder.Id) is { State: InstanceState.Stopped } stopped ? stopped : null);
    }

    public async Task<Image> ImageAsync(Bake bake)
    {
        var begun = await Home.Images.EnsureAsync(bake, await StoppedBuilderAsync(bake), Ct);
        return await WaitAsync(async () =>
            (await Home.Images.ReadAsync([begun.Id], Ct)).GetValueOrDefault(begun.Id) is { State: ImageState.Available } image
                ? image
                : null
        );
    }

    public async Task<Instance> SeeAsync(InstanceId id) => (await Home.Instances.ReadAsync([id], Ct))[id];

    /// <summary>Looks every virtual second, for at most four virtual hours.</summary>
    public async Task<T> WaitAsync<T>(Func<Task<T?>> look)
        where T : class
    {
        for (var second = 0; second < 14_400; second++)
        {
            if (await look() is { } seen)
            {
                return seen;
            }

            await Task.Delay(TimeSpan.FromSeconds(1), Time, Ct);
        }

        throw new TimeoutException("It did not happen within four hours of virtual time.");
    }

    public void Dispose()
    {
        Aws.Dispose();
        Clients.Dispose();
        Wire.Dispose();
    }
}
