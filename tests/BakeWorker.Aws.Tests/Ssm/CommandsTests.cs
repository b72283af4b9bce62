using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;

namespace BakeWorker.Aws.Tests.Ssm;

public sealed class CommandsTests : IDisposable
{
    private readonly AwsWorld _world = new();
    private readonly Bake _bake = Sample.Bake();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Ensure_Script_RunsAndItsOutputComesBack() =>
        _world.Run(async () =>
        {
            _world.Guests.Scenario.Command("*/step/patch/1").Prints("patched").Fails(3, "went wrong").Takes(TimeSpan.FromMinutes(2));
            var builder = await _world.BuilderAsync(_bake);

            var key = await EnsureAsync(builder, Order());
            var seen = await EndAsync(key);
            var result = (await _world.Home.Commands.FindResultAsync(key, AwsWorld.Ct))!;

            seen.State.Should().Be(CommandState.Failed);
            result.State.Should().Be(CommandState.Failed);
            result.ExitCode.Should().Be(3);
            result.Output.Should().Be("patched");
            result.ErrorOutput.Should().Contain("went wrong");
            var command = _world.Guests.Commands.Should().ContainSingle().Subject;
            command.Comment.Should().Be($"bakeworker/{_bake.Id}/step/patch/1");
            command.Script.Text.Should().Be("#!/bin/sh\necho hello\n");
            command.Script.Timeout.Should().Be(TimeSpan.FromMinutes(30));
        });

    [Fact]
    public void Ensure_Again_AdoptsTheCommandByItsComment() =>
        _world.Run(async () =>
        {
            var builder = await _world.BuilderAsync(_bake);
            var first = await EnsureAsync(builder, Order());
            await EndAsync(first);

            (await EnsureAsync(builder, Order())).Should().Be(first);
            (await EnsureAsync(builder, Order("step/patch/2"))).Should().NotBe(first);
            _world.Guests.Commands.Select(command => command.Comment).Distinct().Count().Should().BeGreaterThan(0);
        });

    [Fact]
    public void Ensure_AfterACancelledCommand_SendsAgain() =>
        _world.Run(async () =>
        {
            _world.Guests.Scenario.Command("*/step/patch/1").Hangs();
            var builder = await _world.BuilderAsync(_bake);
            var first = await EnsureAsync(builder, Order());
            await _world.Home.Commands.RemoveAsync(first, AwsWorld.Ct);
            (await EndAsync(first)).State.Should().Be(CommandState.Cancelled);

            (await EnsureAsync(builder, Order())).Should().NotBe(first);
            await _world.Home.Commands.RemoveAsync(first, AwsWorld.Ct);
        });

    [Fact]
    public void Read_ManyCommands_IsOneSharedRead() =>
        _world.Run(async () =>
        {
            var builder = await _world.BuilderAsync(_bake);
            var keys = new List<CommandKey>();
            for (var i = 0; i < 60; i++)
            {
                keys.Add(await EnsureAsync(builder, Order($"step/a{i}/1")));
            }

            await UntilListedAsync();
            _world.Wire.Sent.Clear();
            var seen = await _world.Home.Commands.ReadAsync(keys, AwsWorld.Ct);

            seen.Keys.Should().BeEquivalentTo(keys);
            _world.Wire.Sent.Should().HaveCount(2, "SSM shows 50 invocations a page");
        });

    [Fact]
    public void Read_CommandOfAnEarlierProcess_IsFoundByItsId() =>
        _world.Run(async () =>
        {
            var builder = await _world.BuilderAsync(_bake);
            var key = await EnsureAsync(builder, Order());
            using var restarted = AwsCloud.Create(new AwsOptions { Region = AwsWorld.Region }, _world.Time, _world.Wire);
            await UntilListedAsync();

            var seen = await restarted.Home.Commands.ReadAsync([key, new CommandKey(builder.Id, Unknown)], AwsWorld.Ct);

            seen.Should().ContainKey(key).And.HaveCount(1);
        });

    [Fact]
    public void FindResult_UnknownCommand_IsNull() =>
        _world.Run(async () =>
        {
            var builder = await _world.BuilderAsync(_bake);

            (await _world.Home.Commands.FindResultAsync(new CommandKey(builder.Id, Unknown), AwsWorld.Ct)).Should().BeNull();
            await _world.Home.Commands.RemoveAsync(new CommandKey(builder.Id, Unknown), AwsWorld.Ct);
        });

    [Fact]
    public void Read_ScriptThatHangs_TimesOut() =>
        _world.Run(async () =>
        {
            _world.Guests.Scenario.Command("*/step/patch/1").Hangs();
            var builder = await _world.BuilderAsync(_bake);

            var ended = await EndAsync(await EnsureAsync(builder, Order()));

            ended.State.Should().Be(CommandState.TimedOut);
        });

    [Fact]
    public void Ensure_InstanceWithoutAgent_IsTransientAndSaysWhereToLook() =>
        _world.Run(async () =>
        {
            _world.Guests.Scenario.Guest().HasAgent(false);
            var launched = await _world.LaunchAsync(_bake);

            var ensure = () => EnsureAsync(launched, Order());

            var failure = (await ensure.Should().ThrowAsync<BakeFailedException>()).Which;
            failure.Kind.Should().Be(FailureKind.Transient);
            failure.Code.Should().Be(FailureCodes.AgentSilent);
            failure.Message.Should().Contain("check the instance profile");
        });

    [Fact]
    public void Ensure_Document_GoesWithItsOwnParameters() =>
        _world.Run(async () =>
        {
            var builder = await _world.BuilderAsync(_bake);
            var order = new CommandOrder
            {
                Key = "step/agent/1",
                IsWindows = false,
                Document = "AWS-ConfigureAWSPackage",
                DocumentParameters = new Dictionary<string, string> { ["action"] = "Install", ["name"] = "AmazonCloudWatchAgent" },
                Timeout = TimeSpan.FromMinutes(5),
            };

            var key = await EnsureAsync(builder, order);

            var sent = _world.Wire.Sent.Last(sent => sent.Body.Contains("AWS-ConfigureAWSPackage")).Body;
            sent.Should()
                .Contain("\"name\":[\"AmazonCloudWatchAgent\"]")
                .And.Contain("\"TimeoutSeconds\":600")
                .And.NotContain("executionTimeout");
            key.CommandId.Should().NotBeEmpty();
        });

    [Fact]
    public void Agents_OnlyRegisteredOnes_AreShown() =>
        _world.Run(async () =>
        {
            var builder = await _world.BuilderAsync(_bake);

            var agents = await _world.Home.Agents.ReadAsync([builder.Id, new InstanceId("i-0123456789abcdef0")], AwsWorld.Ct);

            agents.Should().ContainSingle();
            agents[builder.Id].IsOnline.Should().BeTrue();
            agents[builder.Id].Version.Should().NotBeNullOrEmpty();
            agents[builder.Id].LastPing.Should().NotBeNull();
        });

    private const string Unknown = "00000000-0000-4000-8000-000000000000";

    private static CommandOrder Order(string key = "step/patch/1") =>
        new()
        {
            Key = key,
            IsWindows = false,
            Script = ["#!/bin/sh", "echo hello"],
            Timeout = TimeSpan.FromMinutes(30),
        };

    private async Task<CommandKey> EnsureAsync(Instance instance, CommandOrder order) =>
        (await _world.Home.Commands.EnsureAsync(_bake, instance.Id, order, AwsWorld.Ct)).Key;

    // What was just sent is listed a little later.
    private Task UntilListedAsync() => Task.Delay(TimeSpan.FromSeconds(10), _world.Time, AwsWorld.Ct);

    private Task<Command> EndAsync(CommandKey key) =>
        _world.WaitAsync(async () =>
            (await _world.Home.Commands.ReadAsync([key], AwsWorld.Ct)).GetValueOrDefault(key) is { IsDone: true } ended ? ended : null
        );
}
