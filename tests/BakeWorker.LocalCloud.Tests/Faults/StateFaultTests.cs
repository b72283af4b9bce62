using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.SimpleSystemsManagement.Model;
using Amazon.SQS.Model;
using BakeWorker.LocalCloud.Faults;
using Command = Amazon.SimpleSystemsManagement.Model.Command;

namespace BakeWorker.LocalCloud.Tests.Faults;

public sealed class StateFaultTests : IAsyncDisposable
{
    private readonly CloudWorld _world = new();
    private static CancellationToken Ct => TestContext.Current.CancellationToken;
    private FaultPlan Plan => _world.Cloud.Faults.Plan;

    [Fact]
    public async Task NewCommand_Hidden_IsShownLater()
    {
        Plan.HideNew(TimeSpan.FromSeconds(20), "command");
        var sent = await SendAsync(await _world.LaunchAsync());

        _world.PassSeconds(10);
        (await _world.Clients.Ssm.ListCommandsAsync(sent.CommandId, Ct)).Commands.Should().BeNullOrEmpty();

        _world.PassSeconds(15);
        (await _world.Clients.Ssm.ListCommandsAsync(sent.CommandId, Ct)).Commands.Should().ContainSingle();
    }

    [Fact]
    public async Task List_OfAReplicaThatLags_AnswersAsAMomentAgo_AndThenAnew()
    {
        await _world.LaunchAsync();
        Plan.Calls("ec2", "DescribeInstances").Nth(2).Times(2).IsStaleBy(TimeSpan.FromMinutes(1));
        (await CountAsync()).Should().Be(1);

        await _world.LaunchAsync();

        (await CountAsync()).Should().Be(1);
        _world.PassSeconds(60);
        (await CountAsync()).Should().Be(2);
        _world.Cloud.Faults.Injected.Should().ContainSingle(fault => fault.Kind == FaultKind.StaleRead);

        async Task<int> CountAsync() => (await _world.Clients.Ec2.DescribeInstancesAsync(Ct)).Reservations.Count;
    }

    [Theory]
    [InlineData("one-time", "terminated", "Server.SpotInstanceTermination")]
    [InlineData("persistent", "stopped", "Server.SpotInstanceShutdown")]
    public async Task Spot_Interrupted_EndsAsItsRequestSays(string request, string state, string reason)
    {
        Plan.InterruptSpot(TimeSpan.FromMinutes(2));
        var id = await LaunchSpotAsync(request);

        _world.PassSeconds(60);
        (await FindAsync(id)).State.Name.Value.Should().Be("running");

        _world.PassSeconds(120);
        var ended = await FindAsync(id);
        (ended.State.Name.Value, ended.StateReason.Code).Should().Be((state, reason));
    }

    [Fact]
    public async Task Command_Lost_TimesOutUndelivered()
    {
        Plan.LoseCommands("step");
        var id = await _world.LaunchAsync();
        var command = await SendAsync(id);

        _world.PassSeconds(90);

        (await ResultAsync(command, id)).StatusDetails.Should().Be("DeliveryTimedOut");
        _world.Guests.Commands.Should().BeEmpty();
    }

    [Fact]
    public async Task Command_Unreported_RunsAndTimesOutAllTheSame()
    {
        Plan.LoseReports("step");
        _world.Scenario.Command("step").Prints("done");
        var id = await _world.LaunchAsync();
        var command = await SendAsync(id);

        _world.PassSeconds(30);
        (await ResultAsync(command, id)).Status.Value.Should().Be("Pending");

        _world.PassSeconds(60);
        var result = await ResultAsync(command, id);
        (result.StatusDetails, result.StandardOutputContent).Should().Be(("DeliveryTimedOut", ""));
        _world.Guests.Commands.Should().ContainSingle();
    }

    [Fact]
    public async Task Agent_OutOfReach_TakesCommandsWhenItIsBack()
    {
        Plan.LoseAgents(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(20));
        var id = await _world.LaunchAsync();

        _world.Pass(TimeSpan.FromMinutes(10));
        (await PingAsync()).Should().Be("ConnectionLost");
        await SendAsync(id, timeout: 3600);
        _world.Guests.Commands.Should().BeEmpty();

        _world.Pass(TimeSpan.FromMinutes(15));
        (await PingAsync()).Should().Be("Online");
        _world.Guests.Commands.Should().ContainSingle();

        async Task<string> PingAsync() =>
            (await _world.Clients.Ssm.DescribeInstanceInformationAsync(new(), Ct)).InstanceInformationList.Single().PingStatus;
    }

    [Fact]
    public async Task Image_Stuck_StaysPending()
    {
        Plan.StickImages(TimeSpan.FromHours(1));
        var id = await _world.LaunchAsync();
        var image = (await _world.Clients.Ec2.CreateImageAsync(new(id, "stuck"), Ct)).ImageId;

        _world.Pass(TimeSpan.FromMinutes(30));
        (await StateAsync()).Should().Be("pending");

        _world.Pass(TimeSpan.FromMinutes(35));
        (await StateAsync()).Should().Be("available");

        async Task<string> StateAsync() =>
            (await _world.Clients.Ec2.DescribeImagesAsync(new() { ImageIds = [image] }, Ct)).Images.Single().State.Value;
    }

    [Fact]
    public async Task Message_Duplicated_IsGivenOutTwice()
    {
        Plan.DuplicateMessages();
        var queue = await QueueAsync("a");

        (await ReceiveAsync(queue)).Should().Equal("a");
        (await ReceiveAsync(queue)).Should().Equal("a");
        (await ReceiveAsync(queue)).Should().BeEmpty();
    }

    [Fact]
    public async Task Messages_Reordered_ComeInAnotherOrder()
    {
        Plan.ReorderMessages();
        var queue = await QueueAsync("a", "b");

        (await ReceiveAsync(queue)).Should().Equal("b");
        (await ReceiveAsync(queue)).Should().Equal("a");
    }

    [Fact]
    public async Task Visibility_ExpiredEarly_ShowsTheMessageAgain()
    {
        Plan.ExpireVisibility(TimeSpan.FromSeconds(5));
        var queue = await QueueAsync("a");
        await ReceiveAsync(queue);

        _world.PassSeconds(6);

        (await ReceiveAsync(queue)).Should().Equal("a");
    }

    [Fact]
    public async Task Message_DeletedButKeptByOneServer_ComesBackOnce()
    {
        Plan.ReturnDeletedMessages();
        var queue = await QueueAsync("a");
        for (var delivery = 0; delivery < 2; delivery++)
        {
            var message = (await _world.Clients.Sqs.ReceiveMessageAsync(queue, Ct)).Messages.Single();
            await _world.Clients.Sqs.DeleteMessageAsync(queue, message.ReceiptHandle, Ct);
            _world.PassSeconds(60);
        }

        (await ReceiveAsync(queue)).Should().BeEmpty();
    }

    [Fact]
    public async Task Clock_OfTheCloudAhead_ShowsInWhatItSays()
    {
        Plan.ClockSkew = TimeSpan.FromMinutes(3);

        var instance = await FindAsync(await _world.LaunchAsync());

        instance.State.Name.Value.Should().Be("running");
        instance.LaunchTime!.Value.Should().BeAfter(_world.Time.GetUtcNow().UtcDateTime.AddMinutes(2));
    }

    [Fact]
    public async Task Mix_WithEverythingCertain_StrikesEveryKindThatCanBeMet()
    {
        var always = new FaultRates
        {
            Hidden = 1,
            AgentLost = 1,
            ImageStuck = 1,
            SpotInterrupted = 1,
            LaunchDied = 0,
        };
        _world.Cloud.Faults.Mix = new FaultMix(1, always with { LongestLag = TimeSpan.FromSeconds(1) });
        var id = await LaunchSpotAsync("one-time");
        await _world.Clients.Ec2.CreateImageAsync(new(id, "image"), Ct);
        _world.PassSeconds(5);

        _world
            .Cloud.Faults.Injected.Select(fault => fault.Kind)
            .Distinct()
            .Should()
            .BeEquivalentTo([FaultKind.Hidden, FaultKind.AgentLost, FaultKind.ImageStuck, FaultKind.SpotInterrupted]);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private async Task<string> LaunchSpotAsync(string request)
    {
        var order = new RunInstancesRequest(CloudWorld.AmazonLinux, 1, 1)
        {
            InstanceType = "t3.small",
            SubnetId = LocalCloudDefaults.For("eu-west-1").BuilderSubnet("a"),
            IamInstanceProfile = new() { Name = LocalCloudDefaults.InstanceProfile },
            InstanceMarketOptions = new()
            {
                MarketType = MarketType.Spot,
                SpotOptions = new() { SpotInstanceType = request },
            },
        };
        var id = (await _world.Clients.Ec2.RunInstancesAsync(order, Ct)).Reservation.Instances[0].InstanceId;
        _world.PassSeconds(30);
        return id;
    }

    private async Task<Instance> FindAsync(string id) =>
        (await _world.Clients.Ec2.DescribeInstancesAsync(new() { InstanceIds = [id] }, Ct)).Reservations.Single().Instances.Single();

    private async Task<Command> SendAsync(string instance, int timeout = 60)
    {
        var request = new SendCommandRequest("AWS-RunShellScript", [instance])
        {
            Comment = "step",
            TimeoutSeconds = timeout,
            Parameters = new() { ["commands"] = ["true"] },
        };
        return (await _world.Clients.Ssm.SendCommandAsync(request, Ct)).Command;
    }

    private Task<GetCommandInvocationResponse> ResultAsync(Command command, string instance) =>
        _world.Clients.Ssm.GetCommandInvocationAsync(new() { CommandId = command.CommandId, InstanceId = instance }, Ct);

    private async Task<string> QueueAsync(params string[] bodies)
    {
        var queue = (await _world.Clients.Sqs.CreateQueueAsync("q", Ct)).QueueUrl;
        foreach (var body in bodies)
        {
            await _world.Clients.Sqs.SendMessageAsync(queue, body, Ct);
        }

        return queue;
    }

    private async Task<IEnumerable<string>> ReceiveAsync(string queue) =>
        ((await _world.Clients.Sqs.ReceiveMessageAsync(queue, Ct)).Messages ?? []).Select(message => message.Body);
}
