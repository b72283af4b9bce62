using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Tests.Scripts.Windows;

/// <summary>What the image in use would be offered now, which decides whether a bake may be skipped.</summary>
public sealed class WindowsUpdatesTests : IDisposable
{
    private readonly WindowsMachine machine = new();

    public void Dispose() => machine.Dispose();

    [Fact]
    public void Updates_AreThoseThatThePatchStepWouldInstall()
    {
        Offer(
            """
            @([FakeUpdate]@{ Title = '2026-11 Cumulative Update Preview' }, [FakeUpdate]@{ Title = 'Optional'; BrowseOnly = $true },
              [FakeUpdate]@{ Title = 'Asks'; InstallationBehavior = [FakeBehavior]@{ CanRequestUserInput = $true } },
              [FakeUpdate]@{ Title = 'Known bad'; KBArticleIDs = @('5034439') }, [FakeUpdate]@{ Title = 'Security Intelligence Update for Defender' },
              [FakeUpdate]@{ Title = 'Wanted  by
              all' })
            """
        );

        var run = Updates(("PATCH_SKIP", "KB5034439 KB5034440"));

        run.Error.Should().BeEmpty();
        run.Output.Should().Equal("updates: 1", "Wanted by all");
        run.ExitCode.Should().Be(0);
    }

    [Fact]
    public void Updates_OfASearchThatDidNotEndWell_AreNotNone()
    {
        machine.Ask("$global:SearchCode = 4");

        Updates().ExitCode.Should().Be(1);
    }

    [Theory]
    [InlineData("Cumulative Update", 1, 3)]
    [InlineData("Cumulative Update", -60, 0)]
    [InlineData("Microsoft Defender Antivirus platform", 1, 0)]
    public void Updates_OfAnInstanceThatUpdatesItself_SayNothingOfItsImage(string title, int minutesAfterBoot, int code)
    {
        machine.Ask(
            $"$global:History = @([pscustomobject]@{{ Title = '{title}'; Date = [DateTime]::UtcNow.AddMinutes({minutesAfterBoot}) }})"
        );

        Updates().ExitCode.Should().Be(code);
    }

    private void Offer(string updates) => machine.Ask($"$global:Offers += , ({updates})");

    private WindowsRun Updates(params (string Name, string Value)[] environment) =>
        machine.Run(BuiltInScripts.Updates(Platform.Windows, environment.ToDictionary()), []);
}
