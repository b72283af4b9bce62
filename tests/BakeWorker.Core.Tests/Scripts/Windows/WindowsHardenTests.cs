using System.Text.Json;
using BakeWorker.Core.Tests.Recipes;

namespace BakeWorker.Core.Tests.Scripts.Windows;

public sealed class WindowsHardenTests
{
    public static TheoryData<string> Controls() => [.. HardeningPage.Controls("windows").Select(control => control.Id)];

    [Fact]
    public void Harden_ThenVerify_Holds_AndHardeningAgainChangesNothing()
    {
        using var machine = new WindowsMachine();

        machine.Run("harden").ExitCode.Should().Be(3010, "old TLS and LSA protection count after a restart");
        var again = machine.Run("harden");
        var verified = machine.Run("verify-hardening");

        again.ExitCode.Should().Be(0, again.Error);
        JsonDocument.Parse(again.Output[^1]).RootElement.GetProperty("changed").GetArrayLength().Should().Be(0);
        verified.Output.Should().ContainSingle().Which.Should().Contain("\"failed\":0");
        verified.ExitCode.Should().Be(0, verified.Error);
    }

    [Theory]
    [MemberData(nameof(Controls))]
    public void Harden_WithoutOneControl_FailsThatControlsTestAndNoOther(string id)
    {
        using var machine = new WindowsMachine();
        machine.Run("harden", ("HARDEN_SKIP", id));

        var verified = machine.Run("verify-hardening");

        verified.ExitCode.Should().Be(1);
        verified.Output.SkipLast(1).Should().NotBeEmpty().And.OnlyContain(line => line.StartsWith($"FAILED {id}: "));
        machine.Run("verify-hardening", ("HARDEN_SKIP", id)).ExitCode.Should().Be(0);
    }

    [Theory]
    [InlineData("harden")]
    [InlineData("verify-hardening")]
    public void FeaturesThatWindowsCannotList_AreNotTakenForRemoved(string script)
    {
        using var machine = new WindowsMachine();
        machine.Run("harden");
        machine.Ask("$global:Dism = 'The component store has been corrupted.'");

        var run = machine.Run(script);

        run.ExitCode.Should().Be(1);
        run.Error.Should().Contain("component store");
    }

    [Fact]
    public void Harden_FeatureThatThisWindowsNeverHad_IsAsGoodAsRemoved()
    {
        using var machine = new WindowsMachine();
        machine.Ask("$global:Features.Remove('MicrosoftWindowsPowerShellV2Root')");
        machine.Run("harden");

        machine.Run("verify-hardening").ExitCode.Should().Be(0);
    }

    [Theory]
    [InlineData("30")]
    [InlineData("10")]
    public void Harden_LockoutDefaultsOfOldAndNewWindows_AreBothReplaced(string minutes)
    {
        using var machine = new WindowsMachine();
        machine.Ask(
            $"$global:Accounts.lockoutthreshold = '10'; $global:Accounts.lockoutduration = $global:Accounts.lockoutwindow = '{minutes}'"
        );

        machine.Run("harden").ExitCode.Should().Be(3010);

        machine
            .Ask("$global:Accounts.lockoutthreshold, $global:Accounts.lockoutduration, $global:Accounts.lockoutwindow")
            .Should()
            .Equal("5", "15", "15");
    }

    [Fact]
    public void Harden_UpdatesBySecurity_LeavesWindowsToUpdateItself()
    {
        using var machine = new WindowsMachine();

        machine.Run("harden", ("UPDATES", "security"));

        machine.Ask("$global:Registry.Keys | Where-Object { $_ -like '*WindowsUpdate*' }").Should().BeEmpty();
        machine.Run("verify-hardening", ("UPDATES", "security")).ExitCode.Should().Be(0);
    }

    [Fact]
    public void Harden_SkipOfAControlThatDoesNotExist_IsSaid()
    {
        using var machine = new WindowsMachine();

        machine.Run("harden", ("HARDEN_SKIP", "smb-99")).Error.Should().Contain("smb-99");
    }

    [Theory]
    [InlineData("HARDEN_SKIP", "$(Stop-Computer)")]
    [InlineData("UPDATES", "sometimes")]
    public void Harden_ValueThatCannotBeUsed_IsRefusedBeforeAnythingChanges(string name, string value)
    {
        using var machine = new WindowsMachine();

        var before = machine.Ask("$global:Registry.Count");

        machine.Run("harden", (name, value)).ExitCode.Should().Be(2);

        machine.Ask("$global:Registry.Count").Should().Equal(before);
    }
}
