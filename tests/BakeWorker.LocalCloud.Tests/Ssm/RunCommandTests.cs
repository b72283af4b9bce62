using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using BakeWorker.LocalCloud.Guests.Scripted;

namespace BakeWorker.LocalCloud.Tests.Ssm;

public sealed class RunCommandTests : IAsyncDisposable
{
    private readonly CloudWorld _world = new();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;
    private Scenario Scenario => _world.Scenario;

    [Fact]
    public async Task Command_ThatSucceeds_GoesFromUnknownOverInProgressToItsOutput()
    {
        Scenario.Command("greet").Takes(TimeSpan.FromSeconds(10)).Prints("hello\n");
        var id = await _world.LaunchAsync();

        var sent = await SendAsync(id, "greet");
        sent.Status.Should().Be(CommandStatus.Pending);
        sent.ExpiresAfter.Should().Be(sent.RequestedDateTime!.Value.AddSeconds(3600 + 3600));
        await FluentActions.Awaiting(() => GetAsync(sent, id)).Should().ThrowAsync<InvocationDoesNotExistException>("reads lag behind");
        _world.PassSeconds(2);
        var running = await GetAsync(sent, id);
        running.Status.Should().Be(CommandInvocationStatus.InProgress);
        running.ResponseCode.Should().Be(-1);
        running.StandardOutputContent.Should().BeEmpty();
        _world.PassSeconds(10);

        var done = await GetAsync(sent, id);
        done.Status.Should().Be(CommandInvocationStatus.Success);
        done.StatusDetails.Should().Be("Success");
        done.ResponseCode.Should().Be(0);
        done.PluginName.Should().Be("aws:runShellScript");
        done.StandardOutputContent.Should().Be("hello\n");
        done.Comment.Should().Be("greet");
        done.ExecutionStartDateTime.Should().StartWith("2026-11-22T03:00:3").And.EndWith("Z");
        done.ExecutionElapsedTime.Should().Be("PT10S");
    }

    [Fact]
    public async Task Command_ThatFails_ShowsItsExitCodeAsTheAgentDoes()
    {
        Scenario.Command("bad").Fails(3, "no such thing\n");
        var id = await _world.LaunchAsync();

        var done = await RunAsync(id, "bad");

        done.Status.Should().Be(CommandInvocationStatus.Failed);
        done.ResponseCode.Should().Be(3);
        done.StandardErrorContent.Should().Be("no such thing\nfailed to run commands: exit status 3");
    }

    [Fact]
    public async Task Output_AboveTheLimits_KeepsTheFirstCharactersAndSaysSo()
    {
        Scenario.Command("talk").Prints(new string('x', 30_000)).Fails(1, new string('e', 9_000));
        var id = await _world.LaunchAsync();

        var done = await RunAsync(id, "talk");

        done.StandardOutputContent.Should().HaveLength(24_000).And.EndWith("x--output truncated--");
        done.StandardErrorContent.Should().HaveLength(8_000).And.EndWith("e--output truncated--");
        var row = (
            await _world.Clients.Ssm.ListCommandInvocationsAsync(
                new ListCommandInvocationsRequest { CommandId = done.CommandId, Details = true },
                Ct
            )
        ).CommandInvocations.Single();
        row.CommandPlugins.Single().Output.Should().HaveLength(2_500);
    }

    [Fact]
    public async Task Command_BeyondItsExecutionTimeout_IsKilled()
    {
        Scenario.Command("slow").Hangs();
        var id = await _world.LaunchAsync();
        var sent = await SendAsync(id, "slow", timeout: "120");
        _world.PassSeconds(119);

        (await GetAsync(sent, id)).Status.Should().Be(CommandInvocationStatus.InProgress);
        _world.PassSeconds(5);

        var done = await GetAsync(sent, id);
        done.Status.Should().Be(CommandInvocationStatus.TimedOut);
        done.StatusDetails.Should().Be("ExecutionTimedOut");
        done.ResponseCode.Should().Be(137);
    }

    [Theory]
    [InlineData(CloudWorld.AmazonLinux, "AWS-RunShellScript")]
    [InlineData(CloudWorld.Windows, "AWS-RunPowerShellScript")]
    public async Task Command_ThatAsksForReboot_RunsAgainInTheRestartedGuest(string image, string document)
    {
        Scenario.Command("patch").AsksForReboot().Prints("run;");
        var id = await _world.LaunchAsync(image);

        var sent = await SendAsync(id, "patch", document: document);
        _world.PassSeconds(30);
        (await GetAsync(sent, id)).Status.Should().Be(CommandInvocationStatus.InProgress, "the restart comes a minute after the exit");
        _world.PassSeconds(60);

        var done = await GetAsync(sent, id);
        done.Status.Should().Be(CommandInvocationStatus.Success);
        done.StandardOutputContent.Should().Be("run;run;");
        _world.Guests.Guests.Single().Boots.Should().Be(2);
        _world.Guests.Commands.Should().HaveCount(2).And.OnlyContain(seen => seen.Script.CommandId == sent.CommandId);
    }

    [Fact]
    public async Task Command_ThatAsksForRebootForEver_FailsAfterFifteen()
    {
        Scenario.Command("patch").AsksForReboot(times: 100);
        var id = await _world.LaunchAsync();

        var sent = await SendAsync(id, "patch", timeout: "60", delivery: 7200);
        _world.Pass(TimeSpan.FromMinutes(25));

        var done = await GetAsync(sent, id);
        done.Status.Should().Be(CommandInvocationStatus.Failed);
        done.ResponseCode.Should().Be(194);
        _world.Guests.Commands.Should().HaveCount(16);
    }

    [Fact]
    public async Task Command_ToAnAgentThatIsAway_TimesOutInDelivery()
    {
        var id = await _world.LaunchAsync();
        Scenario.Command("poison").LosesAgent();
        await RunAsync(id, "poison");

        var sent = await SendAsync(id, "step", delivery: 60);
        _world.PassSeconds(59);
        (await GetAsync(sent, id)).Status.Should().Be(CommandInvocationStatus.Pending);
        _world.PassSeconds(2);

        var done = await GetAsync(sent, id);
        done.Status.Should().Be(CommandInvocationStatus.TimedOut);
        done.StatusDetails.Should().Be("DeliveryTimedOut");
        done.ResponseCode.Should().Be(-1);
        done.ExecutionStartDateTime.Should().BeEmpty();
    }

    [Fact]
    public async Task Command_WhoseGuestIsLost_StaysInProgressUntilItExpires()
    {
        Scenario.Command("slow").Hangs();
        var id = await _world.LaunchAsync();
        var sent = await SendAsync(id, "slow", timeout: "300", delivery: 60);
        _world.PassSeconds(10);
        await _world.Clients.Ec2.TerminateInstancesAsync(new() { InstanceIds = [id] }, Ct);
        _world.PassSeconds(340);

        (await GetAsync(sent, id)).Status.Should().Be(CommandInvocationStatus.InProgress);
        _world.PassSeconds(15);

        (await GetAsync(sent, id)).StatusDetails.Should().Be("DeliveryTimedOut");
    }

    [Fact]
    public async Task Cancel_OfARunningCommand_KillsItAndSaysSo()
    {
        Scenario.Command("slow").Hangs();
        var id = await _world.LaunchAsync();
        var sent = await SendAsync(id, "slow");
        _world.PassSeconds(5);

        await _world.Clients.Ssm.CancelCommandAsync(new CancelCommandRequest(sent.CommandId), Ct);
        (await GetAsync(sent, id)).Status.Should().Be(CommandInvocationStatus.Cancelling);
        _world.PassSeconds(2);

        (await GetAsync(sent, id)).Status.Should().Be(CommandInvocationStatus.Cancelled);
        (await ListAsync(new() { CommandId = sent.CommandId })).Single().Status.Should().Be(CommandStatus.Cancelled);
    }

    [Fact]
    public async Task Cancel_BetweenTwoRunsOfAReboot_EndsIt()
    {
        Scenario.Command("patch").AsksForReboot();
        var id = await _world.LaunchAsync();
        var sent = await SendAsync(id, "patch");
        _world.PassSeconds(5);

        await _world.Clients.Ssm.CancelCommandAsync(new CancelCommandRequest(sent.CommandId), Ct);
        _world.PassSeconds(120);

        (await GetAsync(sent, id)).Status.Should().Be(CommandInvocationStatus.Cancelled);
        _world.Guests.Guests.Single().Boots.Should().Be(1, "nobody needs the restart any more");
    }

    [Fact]
    public async Task Cancel_OfAnUnknownCommand_IsRefused()
    {
        var cancel = () => _world.Clients.Ssm.CancelCommandAsync(new CancelCommandRequest("01234567-0123-0123-0123-0123456789ab"), Ct);

        await cancel.Should().ThrowAsync<InvalidCommandIdException>();
    }

    [Fact]
    public async Task Script_IsTheLinesWithParametersOfTheStorePutIn()
    {
        await _world.Clients.Ssm.PutParameterAsync(
            new()
            {
                Name = "/app/version",
                Value = "1.4.2",
                Type = ParameterType.String,
            },
            Ct
        );
        var id = await _world.LaunchAsync();

        await _world.Clients.Ssm.SendCommandAsync(
            new SendCommandRequest("AWS-RunShellScript", [id])
            {
                Parameters = new() { ["commands"] = ["set -e", "echo {{ssm:/app/version}} {{ other }}"], ["workingDirectory"] = ["/opt"] },
            },
            Ct
        );
        _world.PassSeconds(3);

        var script = _world.Guests.Commands.Single().Script;
        script.Text.Should().Be("set -e\necho 1.4.2 {{ other }}\n");
        script.WorkingDirectory.Should().Be("/opt");
        script.Timeout.Should().Be(TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task Targets_ByTag_ReachEveryInstanceThatHasIt()
    {
        var one = await _world.LaunchAsync(tags: ("fleet", "blue"));
        var two = await _world.LaunchAsync(tags: ("fleet", "blue"));
        await _world.LaunchAsync(tags: ("fleet", "green"));
        Scenario.Command("x").ForInstance(two).Fails(1);

        var sent = await _world.Clients.Ssm.SendCommandAsync(
            new SendCommandRequest
            {
                DocumentName = "AWS-RunShellScript",
                Targets = [new() { Key = "tag:fleet", Values = ["blue"] }],
                Comment = "x",
                Parameters = new() { ["commands"] = ["true"] },
            },
            Ct
        );
        _world.PassSeconds(5);

        var command = (await ListAsync(new() { CommandId = sent.Command.CommandId })).Single();
        (command.TargetCount, command.CompletedCount, command.ErrorCount).Should().Be((2, 2, 1));
        command.Status.Should().Be(CommandStatus.Failed);
        var rows = await _world.Clients.Ssm.ListCommandInvocationsAsync(
            new ListCommandInvocationsRequest { CommandId = sent.Command.CommandId },
            Ct
        );
        rows.CommandInvocations.ToDictionary(row => row.InstanceId, row => row.Status.Value)
            .Should()
            .BeEquivalentTo(new Dictionary<string, string> { [one] = "Success", [two] = "Failed" });
    }

    [Fact]
    public async Task Targets_OneAfterTheOther_StopAfterTheErrorsAllowed()
    {
        for (var i = 0; i < 3; i++)
        {
            await _world.LaunchAsync(tags: ("fleet", "blue"));
        }

        Scenario.Command("x").Fails(1);
        var sent = await _world.Clients.Ssm.SendCommandAsync(
            new SendCommandRequest
            {
                DocumentName = "AWS-RunShellScript",
                Targets = [new() { Key = "tag:fleet", Values = ["blue"] }],
                Comment = "x",
                MaxConcurrency = "1",
                MaxErrors = "1",
                Parameters = new() { ["commands"] = ["true"] },
            },
            Ct
        );
        _world.PassSeconds(10);

        var rows = await _world.Clients.Ssm.ListCommandInvocationsAsync(
            new ListCommandInvocationsRequest { CommandId = sent.Command.CommandId },
            Ct
        );
        rows.CommandInvocations.Select(row => row.StatusDetails).Order().Should().Equal("Failed", "Failed", "Terminated");
        _world.Guests.Commands.Should().HaveCount(2);
    }

    [Fact]
    public async Task Lists_FilterAndPage()
    {
        var id = await _world.LaunchAsync();
        var other = await _world.LaunchAsync();
        Scenario.Command("bad").Fails();
        await RunAsync(id, "first");
        var middle = _world.Time.GetUtcNow();
        _world.PassSeconds(1);
        await RunAsync(id, "bad");
        await RunAsync(other, "third");

        (await ListAsync(new() { InstanceId = id })).Select(command => command.Comment).Should().Equal("bad", "first");
        (await ListAsync(Filtered("Status", "Failed"))).Single().Comment.Should().Be("bad");
        (await ListAsync(Filtered("InvokedAfter", middle.ToString("O")))).Select(command => command.Comment).Should().Equal("third", "bad");
        (await ListAsync(Filtered("InvokedBefore", middle.ToString("O")))).Single().Comment.Should().Be("first");
        (await ListAsync(Filtered("ExecutionStage", "Executing"))).Should().BeEmpty();
        (await ListAsync(Filtered("DocumentName", "AWS-RunShellScript"))).Should().HaveCount(3);
        await FluentActions.Awaiting(() => ListAsync(Filtered("DocumentType", "x"))).Should().ThrowAsync<InvalidFilterKeyException>();
        var page = await _world.Clients.Ssm.ListCommandsAsync(new ListCommandsRequest { MaxResults = 2 }, Ct);
        (await _world.Clients.Ssm.ListCommandsAsync(new ListCommandsRequest { MaxResults = 2, NextToken = page.NextToken }, Ct))
            .Commands.Single()
            .Comment.Should()
            .Be("first");
    }

    [Fact]
    public async Task PatchDocument_ShowsTheStepThatRanAndTheOneThatDidNot()
    {
        var id = await _world.LaunchAsync();
        var sent = await _world.Clients.Ssm.SendCommandAsync(
            new SendCommandRequest("AWS-RunPatchBaseline", [id])
            {
                Comment = "patch",
                Parameters = new() { ["Operation"] = ["Install"] },
            },
            Ct
        );
        _world.PassSeconds(5);

        var all = await GetAsync(sent.Command, id);
        all.Status.Should().Be(CommandInvocationStatus.Success);
        all.PluginName.Should().BeNullOrEmpty("a document of several steps shows none unless it is named");
        var request = new GetCommandInvocationRequest
        {
            CommandId = sent.Command.CommandId,
            InstanceId = id,
            PluginName = "PatchLinux",
        };
        (await _world.Clients.Ssm.GetCommandInvocationAsync(request, Ct)).PluginName.Should().Be("PatchLinux");
        request.PluginName = "PatchAmiga";
        await FluentActions
            .Awaiting(() => _world.Clients.Ssm.GetCommandInvocationAsync(request, Ct))
            .Should()
            .ThrowAsync<InvalidPluginNameException>();
        _world.Guests.Commands.Single().Script.Text.Should().Contain("operation='Install' reboot='RebootIfNeeded'");
    }

    private async Task<GetCommandInvocationResponse> RunAsync(string id, string comment)
    {
        var sent = await SendAsync(id, comment);
        _world.PassSeconds(5);
        return await GetAsync(sent, id);
    }

    private async Task<Command> SendAsync(
        string id,
        string comment,
        string timeout = "3600",
        int? delivery = null,
        string document = "AWS-RunShellScript"
    )
    {
        var request = new SendCommandRequest(document, [id])
        {
            Comment = comment,
            TimeoutSeconds = delivery,
            Parameters = new() { ["commands"] = ["true"], ["executionTimeout"] = [timeout] },
        };
        return (await _world.Clients.Ssm.SendCommandAsync(request, Ct)).Command;
    }

    private Task<GetCommandInvocationResponse> GetAsync(Command command, string id) =>
        _world.Clients.Ssm.GetCommandInvocationAsync(new() { CommandId = command.CommandId, InstanceId = id }, Ct);

    private async Task<List<Command>> ListAsync(ListCommandsRequest request) =>
        (await _world.Clients.Ssm.ListCommandsAsync(request, Ct)).Commands ?? [];

    private static ListCommandsRequest Filtered(string key, string value) => new() { Filters = [new() { Key = key, Value = value }] };
}
