using BakeWorker.LocalCloud.Guests.Host;
using BakeWorker.LocalCloud.Guests.Sandbox;

namespace BakeWorker.LocalCloud.Tests.Guests.Sandbox;

[Collection(SandboxTests.Name)]
public sealed class SandboxCommandTests(SandboxWorld world)
{
    [Fact]
    public async Task Script_ThatExits_GivesItsCodeAndBothOutputs()
    {
        await using var guest = await world.BootAsync();

        var exit = await guest.RunAsync("echo one; echo two >&2; exit 194");

        exit.Should()
            .BeEquivalentTo(
                new
                {
                    ExitCode = 194,
                    Output = "one\n",
                    ErrorOutput = "two\n",
                    TimedOut = false,
                    Lost = false,
                }
            );
    }

    [Fact]
    public async Task Script_WithItsOwnInterpreter_IsRunByIt()
    {
        await using var guest = await world.BootAsync();

        (await guest.AskAsync("#!/usr/bin/perl\nprint 6 * 7;")).Should().Be("42");
    }

    [Fact]
    public async Task Script_RunsAsRoot_WithNothingOfTheHostsEnvironment()
    {
        await using var guest = await world.BootAsync();

        var said = await guest.AskAsync("id -u; wc -c; env | cut -d= -f1 | sort | tr '\\n' ' '");

        said.Split('\n').Should().Equal("0", "0", "HOME LANG PATH PWD");
    }

    [Fact]
    public async Task Script_PastItsTimeout_IsKilledWithItsWholeSession()
    {
        await using var guest = await world.BootAsync();

        var exit = await guest.RunAsync(
            "#!/bin/bash\nset -m\nsleep 7001 &\n(trap '' TERM; sleep 7002) &\necho started\nsleep 7003",
            TimeSpan.FromSeconds(1)
        );

        exit.Should()
            .BeEquivalentTo(
                new
                {
                    TimedOut = true,
                    Output = "started\n",
                    Lost = false,
                }
            );
        (await guest.AskAsync("pgrep -f 'sleep 700' || echo none")).Should().Be("none");
    }

    [Fact]
    public async Task Script_ThatIsCancelled_IsKilled()
    {
        await using var guest = await world.BootAsync();
        using var cancellation = new CancellationTokenSource();
        var running = guest.RunAsync("echo $$ >/run/started; exec sleep 7004", ct: cancellation.Token);
        await guest.AskAsync("until [ -s /run/started ]; do sleep 0.05; done");

        await cancellation.CancelAsync();

        await running.Invoking(run => run).Should().ThrowAsync<OperationCanceledException>();
        (await guest.AskAsync("pgrep -f 'sleep 7004' || echo none")).Should().Be("none");
    }

    [Fact]
    public async Task Script_ThatLeavesSomethingRunning_AnswersAndLeavesIt()
    {
        await using var guest = await world.BootAsync();

        (await guest.AskAsync("sleep 7005 & echo left")).Should().Be("left");

        (await guest.AskAsync("pgrep -fc '^sleep 7005'")).Should().Be("1");
    }

    [Fact]
    public async Task Script_ThatFloodsItsOutput_IsReadToTheEndButNotKept()
    {
        await using var guest = await world.BootAsync();

        var exit = await guest.RunAsync("head -c 5000000 /dev/zero | tr '\\0' x; echo end >&2");

        exit.ErrorOutput.Should().Be("end\n");
        exit.Output.Should().StartWith("xxx").And.HaveLength(ScriptOutput.Limit + "\n[3951424 more bytes were not kept]\n".Length);
    }

    [Fact]
    public async Task Scripts_AtOnce_DoNotDisturbEachOther()
    {
        await using var guest = await world.BootAsync();

        var exits = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => guest.RunAsync($"sleep 0.2; echo {number}; exit {number}")));

        exits.Select(exit => (exit.ExitCode, exit.Output)).Should().Equal(Enumerable.Range(0, 8).Select(number => (number, $"{number}\n")));
    }

    [Fact]
    public async Task Script_InAFolderThatIsNotThere_FailsWithItsName()
    {
        await using var guest = await world.BootAsync();
        var script = new BakeWorker.LocalCloud.Guests.GuestScript("#!/bin/sh\npwd", TimeSpan.FromMinutes(1))
        {
            CommandId = "command",
            WorkingDirectory = "/nowhere",
        };

        (await guest.RunAsync(script with { WorkingDirectory = "/etc" }, TestContext.Current.CancellationToken))
            .Output.Should()
            .Be("/etc\n");
        var exit = await guest.RunAsync(script, TestContext.Current.CancellationToken);
        exit.ExitCode.Should().NotBe(0);
        exit.ErrorOutput.Should().Contain("/nowhere");
    }

    [Fact]
    public async Task Script_WhoseGuestDies_IsLost()
    {
        await using var guest = await world.BootAsync();

        (await guest.RunAsync("poweroff; sleep 60")).Lost.Should().BeTrue();
        (await guest.RunAsync("true")).Lost.Should().BeTrue();
    }

    [Fact]
    public async Task Script_ThatKillsItself_IsNotLost()
    {
        await using var guest = await world.BootAsync();

        (await guest.RunAsync("kill -9 $$")).Should().BeEquivalentTo(new { ExitCode = 137, Lost = false });
    }
}
