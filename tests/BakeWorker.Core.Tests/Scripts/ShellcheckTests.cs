using BakeWorker.Testing;

namespace BakeWorker.Core.Tests.Scripts;

public sealed class ShellcheckTests
{
    public static TheoryData<string> Scripts() =>
        [
            .. new[] { "recipes", "src/BakeWorker.Core/Pipeline/Scripts", "src/BakeWorker.Core/Components/Scripts" }
                .SelectMany(folder => Directory.EnumerateFiles(Checkout.File(folder), "*.sh", SearchOption.AllDirectories))
                .Select(file => Path.GetRelativePath(Checkout.Root, file))
                .Order(StringComparer.Ordinal),
        ];

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Script_ForTheEyesOfShellcheck_IsClean(string path)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && ScriptRun.Has("shellcheck"), "shellcheck is not installed.");

        var run = ScriptRun.Of("shellcheck", ["-x", Checkout.File(path)], []);

        run.Output.Should().BeEmpty();
        run.ExitCode.Should().Be(0);
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Script_InItsHead_SaysWhatItDoesAndHowItEnds(string path)
    {
        var head = File.ReadLines(Checkout.File(path)).TakeWhile(line => line.StartsWith('#')).ToList();

        head.Should().HaveCountGreaterThan(2);
        if (!Path.GetFileName(path).StartsWith("sweep", StringComparison.Ordinal))
        {
            head[0].Should().BeOneOf("#!/bin/sh", "#!/bin/bash");
        }

        if (path.StartsWith("recipes/", StringComparison.Ordinal))
        {
            string.Join('\n', head).Should().Contain("Exit codes: 0");
        }
    }
}
