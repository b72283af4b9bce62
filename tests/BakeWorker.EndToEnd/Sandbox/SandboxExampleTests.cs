using BakeWorker.Core.Bakes;

namespace BakeWorker.EndToEnd.Sandbox;

/// <summary>An example on top of our own base, for real: the base is baked and published first, and nginx answers on an instance of what was made of it.</summary>
[Collection(SandboxTests.Name)]
public sealed class SandboxExampleTests(SandboxMachine machine)
{
    [Fact]
    public async Task Example_OnTopOfOurOwnBase_TakesItsReleasedImage_AndIsPublished()
    {
        machine.Require();
        await using var local = machine.Start("local", "--port", "0", "--guest", "sandbox");
        var account = await local.ReadExportsAsync();

        var below = await SubmitAsync("debian-12-base");
        var result = await SubmitAsync("nginx-web");

        result.BaseImage.Should().Be(below.Images[SandboxMachine.Region]);
        result
            .Checks!.Where(check => check.Name.StartsWith("test ", StringComparison.Ordinal))
            .Select(check => (check.Name, check.Boot, check.Result))
            .Should()
            .BeEquivalentTo([
                ("test nginx", 1, "passed"),
                ("test hardening", 1, "passed"),
                ("test clean", 1, "passed"),
                ("test nginx", 2, "passed"),
                ("test hardening", 2, "passed"),
                ("test clean", 2, "passed"),
            ]);
        local.Signal("TERM");
        (await local.ExitAsync()).Should().Be(0, local.Error);

        async Task<BakeResult> SubmitAsync(string recipe)
        {
            await using var submit = machine.Start(account, "submit", recipe, "--wait", "--timeout", "4m", "--json");
            (await submit.ExitAsync()).Should().Be(0, "{0}\n{1}", submit.Output, submit.Error);
            return BakeResultReader.Read(submit.Output)!;
        }
    }
}
