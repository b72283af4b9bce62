using BakeWorker.LocalCloud.Guests;
using BakeWorker.LocalCloud.Guests.Scripted;
using Microsoft.Extensions.Time.Testing;

namespace BakeWorker.LocalCloud.Tests.Guests;

public sealed class ScriptedGuestTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly Scenario _scenario = Scenario.Instant();
    private readonly ScriptedGuestHost _host;

    public ScriptedGuestTests() => _host = new(_time, _scenario);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Command_WithoutARule_SucceedsAtOnceAndIsRecorded()
    {
        var guest = Booted();

        var run = guest.RunAsync(Script("step/patch/1"), Ct);

        run.IsCompletedSuccessfully.Should().BeTrue("zero durations are synchronous");
        (await run).Should().Be(new GuestExit(0, "", ""));
        _host.Commands.Should().ContainSingle().Which.Comment.Should().Be("step/patch/1");
    }

    [Fact]
    public async Task Command_WithADuration_EndsWhenTheClockGetsThere()
    {
        _scenario.Command("step/*").Takes(TimeSpan.FromMinutes(4)).Prints("done\n");
        var guest = Booted();

        var run = guest.RunAsync(Script("step/patch/1"), Ct);
        _time.Advance(TimeSpan.FromSeconds(239));
        run.IsCompleted.Should().BeFalse();
        _time.Advance(TimeSpan.FromSeconds(1));

        (await run).Output.Should().Be("done\n");
    }

    [Fact]
    public async Task Rules_OfWhichSeveralMatch_LatestWins()
    {
        _scenario.Command().Fails(1);
        _scenario.Command("step/harden*").Fails(3, "boom").Once();
        var guest = Booted();

        (await guest.RunAsync(Script("step/harden/1"), Ct)).ExitCode.Should().Be(3);
        (await guest.RunAsync(Script("step/harden/1"), Ct)).ExitCode.Should().Be(1, "the later rule applied once");
    }

    [Theory]
    [InlineData("builder", 7)]
    [InlineData("tester", 0)]
    public async Task Rule_ForARole_LeavesOthersAlone(string role, int exitCode)
    {
        _scenario.Command().ForRole("builder").Fails(7);
        var guest = Booted(Spec("catalogue:al2023") with { Tags = new Dictionary<string, string> { ["bakeworker:role"] = role } });

        (await guest.RunAsync(Script("x"), Ct)).ExitCode.Should().Be(exitCode);
    }

    [Fact]
    public async Task Command_ThatHangs_IsKilledAtItsTimeout()
    {
        _scenario.Command().Hangs();
        var guest = Booted();

        var run = guest.RunAsync(Script("x"), Ct);
        _time.Advance(TimeSpan.FromMinutes(10));

        var exit = await run;
        exit.TimedOut.Should().BeTrue();
        exit.ExitCode.Should().Be(137);
    }

    [Fact]
    public async Task Command_ThatIsCancelled_Throws()
    {
        _scenario.Command().Hangs();
        using var cancel = new CancellationTokenSource();
        var run = Booted().RunAsync(Script("x"), cancel.Token);

        await cancel.CancelAsync();

        await FluentActions.Awaiting(() => run).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task Reboot_UnderACommand_LosesIt()
    {
        _scenario.Command().Hangs();
        var guest = Booted();
        var run = guest.RunAsync(Script("x"), Ct);

        await guest.RebootAsync(Ct);

        (await run).Lost.Should().BeTrue();
        guest.Boots.Should().Be(2);
    }

    [Fact]
    public async Task Command_SecondOfItsMarker_WaitsAndRepeatsTheAnswer()
    {
        _scenario.Marker = script => script.Comment;
        _scenario.Command("step/patch/1").Takes(TimeSpan.FromMinutes(4)).Fails(3, "boom");
        var guest = Booted();

        var first = guest.RunAsync(Script("step/patch/1"), Ct);
        var second = guest.RunAsync(Script("step/patch/1"), Ct);
        second.IsCompleted.Should().BeFalse();
        _time.Advance(TimeSpan.FromMinutes(4));

        (await second).Should().Be(await first);
        (await guest.RunAsync(Script("step/patch/1"), Ct)).ExitCode.Should().Be(3);
        _host.Commands.Select(command => command.IsRepeat).Should().Equal(false, true, true);
    }

    [Fact]
    public async Task Command_WhoseMarkerWasLockedAtAReboot_RunsAnew()
    {
        _scenario.Marker = script => script.Comment;
        _scenario.Command().Hangs();
        _scenario.Command().Takes(TimeSpan.Zero).Once();
        _scenario.Command().Hangs().Once();
        var guest = Booted();
        var lost = guest.RunAsync(Script("x"), Ct);

        await guest.RebootAsync(Ct);

        (await lost).Lost.Should().BeTrue();
        (await guest.RunAsync(Script("x"), Ct)).ExitCode.Should().Be(0);
        _host.Commands.Should().OnlyContain(command => !command.IsRepeat);
    }

    [Theory]
    [InlineData(false, 194)]
    [InlineData(true, 3010)]
    public async Task Command_ThatAsksForReboot_SucceedsTheSecondTime(bool isPowerShell, int first)
    {
        _scenario.Command().AsksForReboot();
        var guest = Booted();
        var script = Script("x") with { IsPowerShell = isPowerShell };

        (await guest.RunAsync(script, Ct)).ExitCode.Should().Be(first);
        await guest.RebootAsync(Ct);
        (await guest.RunAsync(script, Ct)).ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task SealCommand_PowersTheGuestOffAFewSecondsLater()
    {
        var guest = Booted();
        var heard = 0;
        guest.PoweredOff += (_, _) => heard++;

        (await guest.RunAsync(Script("bake-1/seal"), Ct)).ExitCode.Should().Be(0);
        _time.Advance(TimeSpan.FromSeconds(4));
        guest.IsOn.Should().BeTrue();
        _time.Advance(TimeSpan.FromSeconds(1));

        guest.IsOn.Should().BeFalse();
        heard.Should().Be(1);
    }

    [Fact]
    public async Task SealCommand_ThatStaysOn_LeavesTheGuestRunning()
    {
        _scenario.Command("*seal*").StaysOn();
        var guest = Booted();

        await guest.RunAsync(Script("seal"), Ct);
        _time.Advance(TimeSpan.FromHours(1));

        guest.IsOn.Should().BeTrue();
    }

    [Fact]
    public async Task PowerOff_ByTheCloud_IsNotReportedAsTheGuestsOwn()
    {
        var guest = Booted();
        guest.PoweredOff += (_, _) => Assert.Fail("the cloud did it");

        await guest.PowerOffAsync(Ct);

        guest.IsOn.Should().BeFalse();
        (await guest.RunAsync(Script("x"), Ct)).Lost.Should().BeTrue();
    }

    [Fact]
    public async Task Agent_ThatIsLost_ComesBackWithAReboot()
    {
        _scenario.Command("bad").LosesAgent();
        var guest = Booted(Spec("catalogue:al2023"));

        (await guest.RunAsync(Script("bad"), Ct)).Lost.Should().BeTrue();
        guest.HasAgent.Should().BeFalse();
        await guest.RebootAsync(Ct);

        guest.HasAgent.Should().BeTrue();
    }

    [Fact]
    public async Task Agent_ThatUserDataInstalls_ComesLaterAtTheFirstBootOnly()
    {
        _scenario.Guest().AgentComesAfter(TimeSpan.FromMinutes(3));
        var guest = Booted(Spec() with { UserData = "install amazon-ssm-agent" });

        guest.HasAgent.Should().BeFalse();
        _time.Advance(TimeSpan.FromMinutes(3));
        guest.HasAgent.Should().BeTrue();
        await guest.RebootAsync(Ct);
        guest.HasAgent.Should().BeTrue();
    }

    [Theory]
    [InlineData("catalogue:debian-12", "", false)]
    [InlineData("catalogue:debian-12", "apt-get install ./amazon-ssm-agent.deb", true)]
    [InlineData("catalogue:rhel-9", "", false)]
    [InlineData("catalogue:al2023-minimal", "", false)]
    [InlineData("catalogue:al2023", "", true)]
    [InlineData("catalogue:ubuntu-24.04", "", true)]
    [InlineData("catalogue:windows-2022", "", true)]
    public void Agent_OfACatalogueDisk_IsThereWhereAwsShipsIt(string disk, string userData, bool expected) =>
        _host.Create(Spec(disk) with { UserData = userData }).HasAgent.Should().Be(expected);

    [Fact]
    public async Task Disk_ThatWasCaptured_RemembersAgentAndPackages()
    {
        _scenario.Command("install").Installs(new Package("nginx", "1.22.1-9", "nginx", "amd64"));
        var guest = Booted(Spec() with { UserData = "install amazon-ssm-agent" });
        await guest.RunAsync(Script("install"), Ct);
        await guest.PowerOffAsync(Ct);

        await guest.CaptureAsync("snap-1", Ct);
        await _host.CopyDiskAsync("snap-1", "snap-2", Ct);
        await _host.RemoveDiskAsync("snap-1", Ct);

        var packages = await _host.ReadPackagesAsync("snap-2", Ct);
        packages!.Packages.Should().Contain(package => package.Name == "nginx").And.Contain(package => package.Name == "openssl");
        _host.Create(Spec("snap-2")).HasAgent.Should().BeTrue();
        (await _host.ReadPackagesAsync("snap-1", Ct)).Should().BeNull();
    }

    [Fact]
    public async Task Boot_ThatFails_ThrowsAndShowsWhyOnTheConsole()
    {
        _scenario.Guest().ForRole("tester").BootFails("Kernel panic: no root").Once();
        var spec = Spec() with { Tags = new Dictionary<string, string> { ["bakeworker:role"] = "tester" } };
        var guest = _host.Create(spec);

        await FluentActions.Awaiting(() => guest.BootAsync(Ct)).Should().ThrowAsync<GuestBootException>().WithMessage("Kernel panic*");

        (await guest.ReadConsoleAsync(Ct)).Should().Contain("Kernel panic: no root");
        Booted(spec).Should().NotBeNull("the rule applied to one guest only");
    }

    [Fact]
    public void Boot_TakesAsLongAsTheRuleSays()
    {
        _scenario.Guest().BootTakes(TimeSpan.FromMinutes(3)).Console("cloud-init done");
        var boot = _host.Create(Spec()).BootAsync(Ct);

        _time.Advance(TimeSpan.FromMinutes(2));
        boot.IsCompleted.Should().BeFalse();
        _time.Advance(TimeSpan.FromMinutes(1));

        boot.IsCompletedSuccessfully.Should().BeTrue();
    }

    private ScriptedGuest Booted(GuestSpec? spec = null)
    {
        var guest = (ScriptedGuest)_host.Create(spec ?? Spec("catalogue:al2023"));
        guest.BootAsync(Ct).IsCompletedSuccessfully.Should().BeTrue();
        return guest;
    }

    private static GuestSpec Spec(string disk = "catalogue:debian-12") =>
        new("i-0123456789abcdef0", "ami-0123456789abcdef0", disk, "eu-west-1");

    private static GuestScript Script(string comment) => new("true\n", TimeSpan.FromMinutes(10)) { CommandId = "c-1", Comment = comment };
}
