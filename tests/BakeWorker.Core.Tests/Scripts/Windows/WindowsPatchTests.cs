using System.Text.Json;

namespace BakeWorker.Core.Tests.Scripts.Windows;

/// <summary>windows/patch against a Windows Update that offers what the test says.</summary>
public sealed class WindowsPatchTests : IDisposable
{
    private readonly WindowsMachine machine = new();

    public void Dispose() => machine.Dispose();

    [Fact]
    public void Patch_UpdatesThatShowOnlyAfterOthers_ComeRoundByRoundWithARestartBetween()
    {
        Offer("@([FakeUpdate]@{ Title = 'Servicing stack'; NeedsRestart = $true }, [FakeUpdate]@{ Title = 'Defender platform' })");
        Offer("@([FakeUpdate]@{ Title = 'Cumulative update'; NeedsRestart = $true })");

        Patch().ExitCode.Should().Be(3010);
        Patch().ExitCode.Should().Be(3010, "it is still the same boot");
        machine.Calls.Should().HaveCount(2, "an agent that waits for a restart is asked for nothing");
        Restart();
        Patch().ExitCode.Should().Be(3010);
        Restart();
        var last = Patch();

        last.ExitCode.Should().Be(0, last.Error);
        machine.Calls.Should().Equal("install Servicing stack", "install Defender platform", "install Cumulative update");
        var report = JsonDocument.Parse(last.Output[^1]).RootElement;
        report.GetProperty("changed").GetBoolean().Should().BeTrue();
        report
            .GetProperty("installed")
            .EnumerateArray()
            .Select(one => one.GetString())
            .Should()
            .Equal("Servicing stack", "Defender platform", "Cumulative update");
    }

    [Fact]
    public void Patch_RestartThatOnlyTheInstallerAsksFor_IsMadeBeforeTheNextRound()
    {
        Offer("@([FakeUpdate]@{ Title = 'One'; NeedsRestart = $true; OnlySays = $true })");
        Offer("@([FakeUpdate]@{ Title = 'Two' })");

        Patch().ExitCode.Should().Be(3010);

        machine.Calls.Should().Equal("install One");
    }

    [Fact]
    public void Patch_UpdatesWithoutARestart_AllComeInOneRun()
    {
        Offer("@([FakeUpdate]@{ Title = 'One' })");
        Offer("@([FakeUpdate]@{ Title = 'Two' })");

        Patch().ExitCode.Should().Be(0);

        machine.Calls.Should().Equal("install One", "install Two");
    }

    [Fact]
    public void Patch_NothingOffered_ChangesNothing()
    {
        var run = Patch();

        run.ExitCode.Should().Be(0, run.Error);
        JsonDocument.Parse(run.Output[^1]).RootElement.GetProperty("changed").GetBoolean().Should().BeFalse();
    }

    [Fact]
    public void Patch_PreviewsOptionalOnesAndThoseThatAsk_AreLeftOut()
    {
        Offer(
            """
            @([FakeUpdate]@{ Title = '2026-11 Cumulative Update Preview' }, [FakeUpdate]@{ Title = 'Optional'; BrowseOnly = $true },
              [FakeUpdate]@{ Title = 'Asks'; InstallationBehavior = [FakeBehavior]@{ CanRequestUserInput = $true } },
              [FakeUpdate]@{ Title = 'Known bad'; KBArticleIDs = @('5034439') }, [FakeUpdate]@{ Title = 'Wanted' })
            """
        );

        Patch(("PATCH_SKIP", "KB5034439")).ExitCode.Should().Be(0);

        machine.Calls.Should().Equal("install Wanted");
    }

    [Fact]
    public void Patch_OneThatFailsBesideOthers_IsTriedAgainAfterTheRestart()
    {
        Offer("@([FakeUpdate]@{ Title = 'Moody'; Fails = 1 }, [FakeUpdate]@{ Title = 'Good'; NeedsRestart = $true })");

        var first = Patch();
        Restart();

        first.ExitCode.Should().Be(3010);
        first.Error.Should().Contain("not installed in this round: Moody (0x");
        Patch().ExitCode.Should().Be(0);
    }

    [Fact]
    public void Patch_OneThatCannotBeDownloaded_DoesNotKeepTheOthers()
    {
        Offer("@([FakeUpdate]@{ Title = 'Late'; Lost = 1 }, [FakeUpdate]@{ Title = 'Good' })");

        var run = Patch();

        run.ExitCode.Should().Be(0, run.Error);
        run.Error.Should().Contain("not downloaded in this round: Late");
        machine.Calls.Should().Equal("install Good", "install Late");
    }

    [Fact]
    public void Patch_WhenNothingCanBeDownloaded_FailsAndSaysWhy()
    {
        Offer("@([FakeUpdate]@{ Title = 'Withdrawn'; Lost = 99 })");

        var run = Patch();

        run.ExitCode.Should().Be(1);
        run.Error.Should().Contain("the download ended with code 3");
    }

    [Fact]
    public void Patch_NothingThatCanBeInstalled_FailsAndSaysWhy()
    {
        Offer("@([FakeUpdate]@{ Title = 'Broken'; Fails = 99 })");

        var run = Patch();

        run.ExitCode.Should().Be(1);
        run.Error.Should().Contain("nothing could be installed: Broken (0x80240017)");
    }

    [Fact]
    public void Patch_AnUpdateThatIsOfferedForEver_EndsAtTheLimit()
    {
        Offer("@([FakeUpdate]@{ Title = 'Once more'; ForEver = $true })");

        var run = Patch(("PATCH_ROUNDS", "3"));

        run.ExitCode.Should().Be(1);
        run.Error.Should().Contain("1 updates are still offered after 3 rounds, such as Once more");
        machine.Calls.Should().HaveCount(3);
    }

    [Fact]
    public void Patch_SearchThatDoesNotEndWell_IsNoSignThatNothingIsMissing()
    {
        machine.Ask("$global:SearchCode = 4");

        Patch().ExitCode.Should().Be(1);
    }

    [Fact]
    public void Patch_WhileWindowsInstallsSomethingOfItsOwn_Waits()
    {
        Offer("@([FakeUpdate]@{ Title = 'One' })");
        machine.Ask("$global:Busy = 40");

        Patch().ExitCode.Should().Be(0);

        machine.Calls.Should().Equal("sleep 15", "sleep 15", "sleep 15", "install One");
    }

    [Fact]
    public void Patch_WhileSomethingElseInstallsForEver_GivesUp()
    {
        Offer("@([FakeUpdate]@{ Title = 'One' })");
        machine.Ask("$global:Busy = 100000");

        var run = Patch(("LOCK_TIMEOUT", "60"));

        run.ExitCode.Should().Be(1);
        run.Error.Should().Contain("has not finished within 60 seconds");
    }

    [Theory]
    [InlineData("LOCK_TIMEOUT", "soon")]
    [InlineData("PATCH_ROUNDS", "0")]
    [InlineData("PATCH_ROUNDS", "many")]
    [InlineData("PATCH_SKIP", "'; Stop-Computer")]
    public void Patch_ValueThatCannotBeUsed_IsRefused(string name, string value) => Patch((name, value)).ExitCode.Should().Be(2);

    private void Offer(string updates) => machine.Ask($"$global:Offers += , ({updates})");

    private void Restart() => machine.Ask("$global:Registry.Remove($global:Restart)");

    private WindowsRun Patch(params (string Name, string Value)[] environment) => machine.Run("patch", environment);
}
