using System.Text;
using Amazon.EC2;
using Amazon.EC2.Model;
using BakeWorker.LocalCloud.Guests.Scripted;
using BakeWorker.Testing;

namespace BakeWorker.LocalCloud.Tests.Ec2;

public sealed class InstanceLifeTests : IAsyncDisposable
{
    private readonly Scenario _scenario = Scenario.Instant();
    private readonly Ec2World _world;

    public InstanceLifeTests() => _world = new(_scenario);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Stop_AndStart_GoThroughTheStates()
    {
        var id = (await _world.RunAsync()).InstanceId;

        var stopping = (await _world.Ec2.StopInstancesAsync(new StopInstancesRequest([id]))).StoppingInstances.Single();
        (stopping.PreviousState.Name, stopping.CurrentState.Name).Should().Be((InstanceStateName.Running, InstanceStateName.Stopping));
        _world.Pass(TimeSpan.FromSeconds(10));
        var stopped = await _world.ReadAsync(id);
        stopped.State.Name.Should().Be(InstanceStateName.Stopped);
        stopped.StateReason.Code.Should().Be("Client.UserInitiatedShutdown");
        stopped.StateTransitionReason.Should().StartWith("User initiated (2026-07-01 12:00:20");

        await _world.Ec2.StartInstancesAsync(new StartInstancesRequest([id]));
        (await _world.ReadAsync(id)).State.Name.Should().Be(InstanceStateName.Pending);
        _world.Pass(TimeSpan.FromSeconds(10));
        (await _world.ReadAsync(id)).State.Name.Should().Be(InstanceStateName.Running);
        _world.GuestOf(id).Boots.Should().Be(2);
    }

    [Theory]
    [InlineData("stop", "stopped")]
    [InlineData("terminate", "terminated")]
    public async Task Guest_PoweringItselfOff_EndsAsTheInstanceIsSetTo(string behavior, string state)
    {
        var id = (await _world.RunAsync(order => order.InstanceInitiatedShutdownBehavior = new(behavior))).InstanceId;

        _world.GuestOf(id).PowerOffItself();
        _world.Pass(TimeSpan.FromSeconds(10));

        var instance = await _world.ReadAsync(id);
        instance.State.Name.Value.Should().Be(state);
        instance.StateReason.Code.Should().Be("Client.InstanceInitiatedShutdown");
    }

    [Fact]
    public async Task ShutdownBehavior_Modified_Counts()
    {
        var id = (await _world.RunAsync(order => order.InstanceInitiatedShutdownBehavior = ShutdownBehavior.Terminate)).InstanceId;
        await _world.Ec2.ModifyInstanceAttributeAsync(
            new ModifyInstanceAttributeRequest { InstanceId = id, InstanceInitiatedShutdownBehavior = "stop" }
        );
        var read = await _world.Ec2.DescribeInstanceAttributeAsync(
            new DescribeInstanceAttributeRequest(id, InstanceAttributeName.InstanceInitiatedShutdownBehavior)
        );

        _world.GuestOf(id).PowerOffItself();
        _world.Pass(TimeSpan.FromSeconds(10));

        read.InstanceAttribute.InstanceInitiatedShutdownBehavior.Should().Be("stop");
        (await _world.ReadAsync(id)).State.Name.Should().Be(InstanceStateName.Stopped);
    }

    [Fact]
    public async Task Terminate_OfAnInstance_LeavesNothingAndIsForgottenAfterAnHour()
    {
        var id = (await _world.RunAsync()).InstanceId;

        await _world.TerminateAsync(id);
        await _world.TerminateAsync(id);

        (await _world.ReadAsync(id)).State.Name.Should().Be(InstanceStateName.Terminated);
        (await _world.Ec2.DescribeVolumesAsync()).Volumes.Should().BeNullOrEmpty();
        (await _world.Ec2.DescribeNetworkInterfacesAsync()).NetworkInterfaces.Should().BeNullOrEmpty();
        _world.Pass(TimeSpan.FromMinutes(61));
        await _world.ReadAsync(id).RefusedAsync("InvalidInstanceID.NotFound");
    }

    [Fact]
    public async Task Terminate_OfAProtectedInstance_IsRefused()
    {
        var id = (await _world.RunAsync(order => order.DisableApiTermination = true)).InstanceId;

        await _world.TerminateAsync(id).RefusedAsync("OperationNotPermitted");
    }

    [Fact]
    public async Task Boot_ThatPanics_LeavesTheInstanceRunningImpairedAndShowsWhy()
    {
        _scenario.Guest().BootFails("Kernel panic: no root");

        var instance = await _world.RunAsync();
        _world.Pass(TimeSpan.FromMinutes(6));

        instance.State.Name.Should().Be(InstanceStateName.Running, "a guest that is stuck is none of EC2's business");
        (await StatusAsync(instance.InstanceId))!.Status.Status.Should().Be(SummaryStatus.Impaired);
        (await ConsoleAsync(instance.InstanceId)).Should().Contain("Kernel panic: no root");
    }

    [Fact]
    public void Stop_WhileTheGuestStillBoots_DoesNotWaitForIt()
    {
        _scenario.Guest().BootTakes(TimeSpan.FromHours(1));
        var time = new VirtualTime();
        var cloud = new LocalCloud(new LocalCloudOptions(), time, new ScriptedGuestHost(time, _scenario));
        using var clients = new LocalCloudClients(cloud);

        time.Run(async () =>
        {
            var order = _world.Order();
            var id = (await clients.Ec2.RunInstancesAsync(order)).Reservation.Instances.Single().InstanceId;
            await Task.Delay(TimeSpan.FromSeconds(20), time);
            await clients.Ec2.StopInstancesAsync(new StopInstancesRequest([id]));
            await Task.Delay(TimeSpan.FromSeconds(10), time);
            var stopped = new DescribeInstancesRequest { Filters = [new("instance-state-name", ["stopped"])] };

            (await clients.Ec2.DescribeInstancesAsync(stopped)).Reservations.Should().ContainSingle();
        });
    }

    [Fact]
    public async Task Reboot_OfAnInstance_RestartsItsGuest()
    {
        _scenario.BootDuration = TimeSpan.FromSeconds(8);
        var id = (await _world.RunAsync()).InstanceId;
        var machine = _world.Cloud.Ec2.Find(Ec2World.Home, id)!;
        var before = machine.BootedAt;

        await _world.Ec2.RebootInstancesAsync(new RebootInstancesRequest([id]));

        machine.BootedAt.Should().BeNull();
        _world.Pass(TimeSpan.FromSeconds(8));
        machine.BootedAt.Should().BeAfter(before!.Value);
        (await _world.ReadAsync(id)).State.Name.Should().Be(InstanceStateName.Running);
    }

    [Fact]
    public async Task Status_OfANewInstance_IsInitializingThenOk()
    {
        var id = (await _world.LaunchAsync()).InstanceId;
        (await StatusAsync(id)).Should().BeNull("only running instances are shown");
        (await StatusAsync(id, includeAll: true))!.Status.Status.Should().Be(SummaryStatus.NotApplicable);

        _world.Pass(TimeSpan.FromSeconds(15));
        (await StatusAsync(id))!.Status.Status.Should().Be(SummaryStatus.Initializing);
        _world.Pass(TimeSpan.FromMinutes(1));
        var status = (await StatusAsync(id))!;

        (status.Status.Status, status.SystemStatus.Status).Should().Be((SummaryStatus.Ok, SummaryStatus.Ok));
        status.Status.Details.Single().Status.Should().Be(StatusType.Passed);
    }

    [Fact]
    public async Task Status_OfAnInstanceThatNeverBoots_IsImpaired()
    {
        _scenario.Guest().BootHangs();
        var id = (await _world.RunAsync()).InstanceId;

        _world.Pass(TimeSpan.FromMinutes(6));

        (await StatusAsync(id))!.Status.Status.Should().Be(SummaryStatus.Impaired);
    }

    [Theory]
    [InlineData("start")]
    [InlineData("stop")]
    [InlineData("reboot")]
    public async Task Change_OfATerminatedInstance_IsRefused(string change)
    {
        var id = (await _world.RunAsync()).InstanceId;
        await _world.TerminateAsync(id);

        Task call = change switch
        {
            "start" => _world.Ec2.StartInstancesAsync(new StartInstancesRequest([id])),
            "stop" => _world.Ec2.StopInstancesAsync(new StopInstancesRequest([id])),
            _ => _world.Ec2.RebootInstancesAsync(new RebootInstancesRequest([id])),
        };

        await call.RefusedAsync("IncorrectInstanceState");
    }

    [Fact]
    public async Task Stop_OfAOneTimeSpotInstance_IsRefused()
    {
        var id = (await _world.RunAsync(order => order.InstanceMarketOptions = new() { MarketType = MarketType.Spot })).InstanceId;

        await _world.Ec2.StopInstancesAsync(new StopInstancesRequest([id])).RefusedAsync("UnsupportedOperation");
    }

    [Fact]
    public async Task Console_OfARunningInstance_IsReadable()
    {
        var id = (await _world.RunAsync()).InstanceId;

        (await ConsoleAsync(id)).Should().Contain("login:");
        var screenshot = await _world.Ec2.GetConsoleScreenshotAsync(new GetConsoleScreenshotRequest { InstanceId = id });
        Convert.FromBase64String(screenshot.ImageData).Should().StartWith(new byte[] { 0xFF, 0xD8 }).And.EndWith(new byte[] { 0xFF, 0xD9 });
    }

    private async Task<string> ConsoleAsync(string id)
    {
        var answer = await _world.Ec2.GetConsoleOutputAsync(new GetConsoleOutputRequest(id) { Latest = true });
        return Encoding.UTF8.GetString(Convert.FromBase64String(answer.Output));
    }

    private async Task<InstanceStatus?> StatusAsync(string id, bool includeAll = false)
    {
        var request = new DescribeInstanceStatusRequest { InstanceIds = [id], IncludeAllInstances = includeAll };
        return (await _world.Ec2.DescribeInstanceStatusAsync(request)).InstanceStatuses?.SingleOrDefault();
    }
}
