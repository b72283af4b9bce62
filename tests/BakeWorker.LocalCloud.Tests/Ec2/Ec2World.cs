using Amazon.EC2;
using Amazon.EC2.Model;
using BakeWorker.LocalCloud.Ec2;
using BakeWorker.LocalCloud.Faults;
using BakeWorker.LocalCloud.Guests.Scripted;
using BakeWorker.Testing;
using Microsoft.Extensions.Time.Testing;
using LocalAccount = BakeWorker.LocalCloud.LocalCloud;

namespace BakeWorker.LocalCloud.Tests.Ec2;

/// <summary>An EC2 on a fake clock, with scripted guests that need no time of their own.</summary>
public sealed class Ec2World : IAsyncDisposable
{
    public const string Home = "eu-west-1";
    public const string Account = "123456789012";
    private readonly Dictionary<string, LocalCloudClients> _clients = [];

    public Ec2World(Scenario? scenario = null, string? dataFolder = null, FakeTimeProvider? time = null)
    {
        Time = time ?? new FakeTimeProvider(new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.Zero));
        Guests = new ScriptedGuestHost(Time, scenario ?? Scenario.Instant());
        Cloud = new LocalAccount(new LocalCloudOptions { DataFolder = dataFolder }, Time, Guests);
    }

    public FakeTimeProvider Time { get; }
    public ScriptedGuestHost Guests { get; }
    public LocalAccount Cloud { get; }
    public IAmazonEC2 Ec2 => In(Home);
    public FaultPlan Faults => Cloud.Faults.Plan;
    public LocalCloudDefaults Defaults => LocalCloudDefaults.For(Home);
    public string Debian => PublicParameters.For(Home)["/aws/service/debian/release/12/latest/amd64"];
    public string DebianArm => PublicParameters.For(Home)["/aws/service/debian/release/12/latest/arm64"];

    /// <summary>Lets time pass second by second, so that what follows from something happens at its own time.</summary>
    public void Pass(TimeSpan time)
    {
        for (var end = Time.GetUtcNow() + time; Time.GetUtcNow() < end; )
        {
            Time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    public IAmazonEC2 In(string region)
    {
        if (!_clients.TryGetValue(region, out var clients))
        {
            _clients[region] = clients = new LocalCloudClients(Cloud, region);
        }

        return clients.Ec2;
    }

    public RunInstancesRequest Order(Action<RunInstancesRequest>? change = null)
    {
        var order = new RunInstancesRequest
        {
            ImageId = Debian,
            InstanceType = "t3.small",
            MinCount = 1,
            MaxCount = 1,
            SubnetId = Defaults.BuilderSubnets[0],
        };
        change?.Invoke(order);
        return order;
    }

    public async Task<Instance> LaunchAsync(Action<RunInstancesRequest>? change = null) =>
        (await Ec2.RunInstancesAsync(Order(change))).Reservation.Instances.Single();

    /// <summary>Launches and waits until it runs.</summary>
    public async Task<Instance> RunAsync(Action<RunInstancesRequest>? change = null)
    {
        var instance = await LaunchAsync(change);
        Pass(TimeSpan.FromSeconds(20));
        return await ReadAsync(instance.InstanceId);
    }

    public async Task<Instance> RunAndStopAsync()
    {
        var instance = await RunAsync();
        await Ec2.StopInstancesAsync(new StopInstancesRequest([instance.InstanceId]));
        Pass(TimeSpan.FromSeconds(20));
        return await ReadAsync(instance.InstanceId);
    }

    public async Task<Instance> ReadAsync(string instanceId) =>
        (await Ec2.DescribeInstancesAsync(new DescribeInstancesRequest { InstanceIds = [instanceId] }))
            .Reservations.Single()
            .Instances.Single();

    public ScriptedGuest GuestOf(string instanceId) => Guests.Guests.Single(guest => guest.Spec.InstanceId == instanceId);

    /// <summary>An available image of a stopped instance.</summary>
    public async Task<Image> CaptureAsync(string name = "captured", Action<CreateImageRequest>? change = null)
    {
        var instance = await RunAndStopAsync();
        var request = new CreateImageRequest(instance.InstanceId, name);
        change?.Invoke(request);
        var id = (await Ec2.CreateImageAsync(request)).ImageId;
        Pass(TimeSpan.FromMinutes(1));
        return await ReadImageAsync(id);
    }

    public async Task<Image> ReadImageAsync(string imageId, string region = Home) =>
        (await In(region).DescribeImagesAsync(new DescribeImagesRequest { ImageIds = [imageId], IncludeDisabled = true })).Images.Single();

    public async Task TerminateAsync(string instanceId)
    {
        await Ec2.TerminateInstancesAsync(new TerminateInstancesRequest([instanceId]));
        Pass(TimeSpan.FromSeconds(20));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients.Values)
        {
            client.Dispose();
        }

        await Cloud.DisposeAsync();
    }
}

/// <summary>What tests say about EC2's refusals.</summary>
internal static class Refusals
{
    /// <summary>The error code that the call is refused with.</summary>
    public static async Task<AmazonEC2Exception> RefusedAsync(this Task call, string code)
    {
        var thrown = await FluentActions.Awaiting(() => call).Should().ThrowAsync<AmazonEC2Exception>();
        thrown.Which.ErrorCode.Should().Be(code);
        return thrown.Which;
    }
}
