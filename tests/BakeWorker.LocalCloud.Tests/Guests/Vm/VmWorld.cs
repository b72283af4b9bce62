using Amazon.EC2;
using Amazon.EC2.Model;
using BakeWorker.LocalCloud.Ec2;
using BakeWorker.LocalCloud.Guests;
using BakeWorker.LocalCloud.Guests.Vm;
using BakeWorker.LocalCloud.Tests.Guests.Sandbox;
using BakeWorker.Testing;
using LocalAccount = BakeWorker.LocalCloud.LocalCloud;

namespace BakeWorker.LocalCloud.Tests.Guests.Vm;

/// <summary>A cloud of real virtual machines for all tests, over one prepared base, with one machine that they share.</summary>
public sealed class VmWorld : IAsyncLifetime
{
    public const string Region = "eu-west-1";
    private readonly string _data = Directory.CreateTempSubdirectory("bakeworker-vm-").FullName;
    private readonly Lazy<Task<VmGuest>> _shared;
    private string? _obstacle;
    private VmGuestHost? _host;
    private LocalAccount? _cloud;
    private LocalCloudClients? _clients;

    public VmWorld() =>
        _shared = new(() => LaunchAsync(order => order.UserData = ToBase64("#!/bin/sh\necho hello console\necho $PATH >/root/path\n")));

    public VmOptions Options =>
        new()
        {
            DataFolder = _data,
            CacheFolder = SandboxWorld.Cache,
            BootLimit = TimeSpan.FromMinutes(10),
        };
    public VmGuestHost Host => _host!;
    public IAmazonEC2 Ec2 => _clients!.Ec2;
    public LocalCloudDefaults Defaults => LocalCloudDefaults.For(Region);

    /// <summary>What preparing said: how machines run here, and why.</summary>
    public List<string> Said { get; } = [];

    /// <summary>The machine that tests share, up and with a route to the internet; they leave it as they found it.</summary>
    public Task<VmGuest> Shared
    {
        get
        {
            Require();
            return _shared.Value;
        }
    }

    /// <summary>Skips the test, with the reason, where there cannot be a virtual machine.</summary>
    public void Require() => Assert.SkipWhen(_obstacle is not null, _obstacle ?? "");

    public async ValueTask InitializeAsync()
    {
        _obstacle = await VmSupport.CheckAsync(Options, SandboxWorld.Debian, CancellationToken.None);
        if (_obstacle is null)
        {
            _host = new VmGuestHost(Options with { Progress = new Listener(Said) }, TimeProvider.System);
            await _host.PrepareAsync(SandboxWorld.Debian, CancellationToken.None);
            _cloud = new LocalAccount(new LocalCloudOptions { Speed = 1000, DataFolder = _data }, TimeProvider.System, _host);
            _clients = new LocalCloudClients(_cloud, Region);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_cloud is not null)
        {
            _clients!.Dispose();
            await _cloud.DisposeAsync();
        }

        Directory.Delete(_data, recursive: true);
    }

    /// <summary>Launches an instance of Debian, or of what the change says, and returns its guest when it is up.</summary>
    public async Task<VmGuest> LaunchAsync(Action<RunInstancesRequest>? change = null)
    {
        var order = new RunInstancesRequest
        {
            ImageId = PublicParameters.For(Region)["/aws/service/debian/release/12/latest/amd64"],
            InstanceType = "t3.small",
            MinCount = 1,
            MaxCount = 1,
            SubnetId = Defaults.BuilderSubnets[0],
            IamInstanceProfile = new() { Name = LocalCloudDefaults.InstanceProfile },
            MetadataOptions = new() { HttpTokens = HttpTokensState.Required, InstanceMetadataTags = InstanceMetadataTagsState.Enabled },
            TagSpecifications = [new() { ResourceType = ResourceType.Instance, Tags = [new("Name", "a machine")] }],
        };
        change?.Invoke(order);
        var id = (await Ec2.RunInstancesAsync(order)).Reservation.Instances.Single().InstanceId;
        Machine machine;
        lock (_cloud!.Account.Gate)
        {
            machine = _cloud.Ec2.Find(Region, id)!;
        }

        var guest = (VmGuest)machine.Guest;
        try
        {
            await UntilAsync(() => Task.FromResult(machine.IsGone || machine.BootedAt is not null));
        }
        catch (OperationCanceledException)
        {
            Assert.Fail("It did not boot: " + await guest.ReadConsoleAsync(CancellationToken.None));
        }

        machine.IsGone.Should().BeFalse("its console shows: {0}", await guest.ReadConsoleAsync(CancellationToken.None));
        return guest;
    }

    public async Task<string> StateOfAsync(string instanceId) =>
        (await Ec2.DescribeInstancesAsync(new DescribeInstancesRequest { InstanceIds = [instanceId] }))
            .Reservations.Single()
            .Instances.Single()
            .State.Name;

    /// <summary>Looks again and again, in real time, for at most ten minutes: emulated machines beside other work take their time.</summary>
    public static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(10));
        while (!await isSo())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
        }
    }

    public static string ToBase64(string text) => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text));

    private sealed class Listener(List<string> said) : IProgress<string>
    {
        public void Report(string value) => said.Add(value);
    }
}

/// <summary>Each machine takes both of this machine's cores, so they take turns.</summary>
[CollectionDefinition(Name)]
public sealed class VmTests : ICollectionFixture<VmWorld>
{
    public const string Name = "vm";
}
