namespace BakeWorker.Core.Tests.Scripts.Windows;

/// <summary>Nothing from the network is installed before it is proved whose it is.</summary>
public sealed class WindowsAgentTests : IDisposable
{
    private readonly WindowsMachine machine = new();

    public void Dispose() => machine.Dispose();

    [Fact]
    public void Agent_SignedByAmazon_IsInstalledAndItsPackageRemoved()
    {
        var run = Install();

        run.ExitCode.Should().Be(0, run.Error);
        machine
            .Calls[0]
            .Should()
            .Be("get https://amazoncloudwatch-agent-eu-west-1.s3.eu-west-1.amazonaws.com/windows/amd64/latest/amazon-cloudwatch-agent.msi");
        IsInstalled.Should().BeTrue();
        machine.Calls[^1].Should().StartWith("remove ");
    }

    [Theory]
    [InlineData("$global:Signature.Status = 'HashMismatch'")]
    [InlineData("$global:Signature.Status = 'NotSigned'")]
    [InlineData("$global:Signature.Subject = 'CN=Somebody, O=Not Amazon'")]
    public void Agent_NotProvablyAmazons_IsNotInstalled(string change)
    {
        machine.Ask(change);

        var run = Install();

        run.ExitCode.Should().Be(1);
        run.Error.Should().Contain("not signed by Amazon");
        IsInstalled.Should().BeFalse();
        machine.Calls[^1].Should().StartWith("remove ");
    }

    [Fact]
    public void Agent_WithAnotherDigestThanTheRecipes_IsNotInstalled()
    {
        Install(("AGENT_SHA256", new string('0', 64))).ExitCode.Should().Be(1);

        IsInstalled.Should().BeFalse();
    }

    [Fact]
    public void Agent_WithTheRecipesDigest_IsInstalled()
    {
        Install(("AGENT_SHA256", string.Concat(Enumerable.Repeat("ab", 32)))).ExitCode.Should().Be(0);

        IsInstalled.Should().BeTrue();
    }

    [Fact]
    public void Agent_ThatIsThere_IsNotFetchedAgain()
    {
        machine.Ask("$global:Services['AmazonCloudWatchAgent'] = 'Automatic'");

        Install().ExitCode.Should().Be(0);

        machine.Calls.Should().BeEmpty();
    }

    private bool IsInstalled => machine.Calls.Any(call => call.StartsWith("msiexec", StringComparison.Ordinal));

    private WindowsRun Install(params (string Name, string Value)[] environment) => machine.Run("install-cloudwatch-agent", environment);
}
