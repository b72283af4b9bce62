using System.Diagnostics;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Tests.Cloud;

[SupportedOSPlatform("linux")]
public sealed class StepEnvelopeTests : IDisposable
{
    private readonly Guest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Theory]
    [InlineData("/bin/sh")]
    [InlineData("/bin/bash")]
    public void Run_ScriptWithExitCode_AnswersOutputsAndCode(string shell)
    {
        var run = _guest.Run("echo out; echo err >&2; exit 3", shell: shell);

        run.Should().Be(new GuestRun(3, "out\n", "err\n"));
    }

    [Theory]
    [InlineData("/bin/sh")]
    [InlineData("/bin/bash")]
    public void Run_HostileValues_ArriveByteForByte(string shell)
    {
        var values = new Dictionary<string, string>
        {
            ["QUOTES"] = "it's \"quoted\" `id` \\",
            ["COMMAND"] = "$(touch " + _guest.Path("pwned") + ")",
            ["LINES"] = "a\nb\n\n",
            ["BRACES"] = "{{ssm:secret}}",
            ["UNICODE"] = "ängström 😀",
            ["EMPTY"] = "",
            ["SPACES"] = "  two  ",
            ["PATH"] = "/nowhere:/usr/bin:/bin",
            ["IFS"] = "x",
            ["bw_dir"] = "/nowhere",
        };
        var script = new StepScript
        {
            Bake = Guest.Bake,
            Key = "step/env/1",
            Environment = values,
            Text = "#!/bin/bash\nfor n in " + string.Join(' ', values.Keys.Except(["IFS"])) + "; do printf '%s=%s;' \"$n\" \"${!n}\"; done",
        };

        var run = _guest.Run(script, shell);

        run.Output.Should().Be(string.Concat(values.Where(pair => pair.Key != "IFS").Select(pair => $"{pair.Key}={pair.Value};")));
        run.ExitCode.Should().Be(0);
        File.Exists(_guest.Path("pwned")).Should().BeFalse();
    }

    [Fact]
    public void Run_SentTwice_RepeatsTheAnswerWithoutRunningAgain()
    {
        const string Text = "echo once; echo x >>\"$HOME/count\"; exit 7";
        var script = new StepScript
        {
            Bake = Guest.Bake,
            Key = "step/once/1",
            Text = Text,
            Environment = Home(),
        };

        var first = _guest.Run(script);
        var second = _guest.Run(script);

        second.Should().Be(first).And.Be(new GuestRun(7, "once\n", ""));
        File.ReadAllLines(_guest.Path("count")).Should().HaveCount(1);
    }

    [Fact]
    public void Run_SentTwiceAtOnce_SecondWaitsForTheFirst()
    {
        var gate = _guest.Path("gate");
        using (Process.Start("mkfifo", gate))
        {
            SpinWait.SpinUntil(() => File.Exists(gate), TimeSpan.FromSeconds(10)).Should().BeTrue();
        }

        var script = new StepScript
        {
            Bake = Guest.Bake,
            Key = "step/both/1",
            Text = "echo x >>\"$HOME/count\"; read -r line <\"$HOME/gate\"; echo \"$line\"",
            Environment = Home(),
        };
        using var first = _guest.Start(StepEnvelope.Wrap(script));
        using var second = _guest.Start(StepEnvelope.Wrap(script));
        File.WriteAllText(gate, "go\n");

        Guest.End(first).Should().Be(new GuestRun(0, "go\n", ""));
        Guest.End(second).Should().Be(new GuestRun(0, "go\n", ""));
        File.ReadAllLines(_guest.Path("count")).Should().HaveCount(1);
    }

    [Fact]
    public void Run_DaemonLeftBehind_DoesNotHoldTheLock()
    {
        var script = new StepScript
        {
            Bake = Guest.Bake,
            Key = "step/daemon/1",
            Text = "sleep 300 & echo $! >\"$HOME/daemon\"",
            Environment = Home(),
        };

        _guest.Run(script).ExitCode.Should().Be(0);
        _guest.Run(script).ExitCode.Should().Be(0);

        using var daemon = Process.GetProcessById(int.Parse(File.ReadAllText(_guest.Path("daemon"))));
        daemon.Kill();
    }

    [Fact]
    public void Run_MuchOutput_KeepsStartAndEndAndSaysHowMuchIsMissing()
    {
        var run = _guest.Run(
            "echo first; head -c 100000 /dev/zero | tr '\\0' x; echo last; head -c 30000 /dev/zero | tr '\\0' y >&2; echo end >&2"
        );

        run.Output.Should()
            .StartWith("first\n")
            .And.EndWith("xlast\n")
            .And.Contain("[bakeworker: 80011 bytes left out here; all of it is in ");
        run.Output.Length.Should().BeLessThan(24_000);
        run.Error.Should().EndWith("yend\n").And.Contain("bytes left out here");
        run.Error.Length.Should().BeLessThan(8_000);
    }

    [Fact]
    public void Run_ScriptAsksForReboot_RunsAgainAfterIt()
    {
        const string Text = "echo run; [ -e \"$HOME/half\" ] && exit 0; touch \"$HOME/half\"; exit 194";
        var script = new StepScript
        {
            Bake = Guest.Bake,
            Key = "step/reboot/1",
            Text = Text,
            Environment = Home(),
            Reboot = RebootPolicy.IfNeeded,
        };

        _guest.Run(script).Should().Be(new GuestRun(194, "", ""));
        _guest.Boot("second");
        _guest.Run(script).Should().Be(new GuestRun(0, "run\nrun\n", ""));
    }

    [Fact]
    public void Run_ScriptAsksForRebootItMayNotHave_FailsWithTheReason()
    {
        var run = _guest.Run("exit 194");

        run.ExitCode.Should().Be(StepEnvelope.RebootRefused);
        run.Error.Should().Contain("reboot: never").And.Contain("say reboot: if-needed");
    }

    [Fact]
    public void Run_RebootAlways_RebootsOnceThenAnswers()
    {
        _guest.Run("echo x", RebootPolicy.Always).Should().Be(new GuestRun(194, "", ""));
        _guest.Run("echo x", RebootPolicy.Always).ExitCode.Should().Be(194, "the guest has not been restarted yet");
        _guest.Boot("second");

        _guest.Run("echo x", RebootPolicy.Always).Should().Be(new GuestRun(0, "x\n", ""));
    }

    [Fact]
    public void Run_RebootIfNeeded_FollowsTheSystem()
    {
        _guest.Run("true", RebootPolicy.IfNeeded, key: "step/a/1").ExitCode.Should().Be(0);
        File.WriteAllText(_guest.Path("reboot-required"), "");
        _guest.Run("true", RebootPolicy.IfNeeded, key: "step/b/1").ExitCode.Should().Be(194);
        _guest.Run("exit 5", RebootPolicy.IfNeeded, key: "step/c/1").ExitCode.Should().Be(5, "a failed script ends its step");
    }

    [Theory]
    [InlineData("vmlinuz-999.1.0-amd64", 194)]
    [InlineData("vmlinuz-0.0.1-amd64", 0)]
    public void Run_RebootIfNeeded_ComparesKernels(string kernel, int exitCode)
    {
        File.WriteAllText(_guest.Path("boot/" + kernel), "");

        _guest.Run("true", RebootPolicy.IfNeeded).ExitCode.Should().Be(exitCode);
    }

    [Fact]
    public void Run_Script_SeesTheGuestsUmaskAndKeepsItsFolderPrivate()
    {
        var run = _guest.Run("umask");

        run.Output.Trim().Should().Be("0022");
        File.GetUnixFileMode(_guest.Path("state")).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public void FetchTail_AfterAKilledScript_ShowsWhatItWrote()
    {
        using var process = _guest.Start(
            StepEnvelope.Wrap(
                new StepScript
                {
                    Bake = Guest.Bake,
                    Key = "step/slow/1",
                    Text = "echo working; touch \"$HOME/on\"; sleep 300",
                    Environment = Home(),
                }
            )
        );
        SpinWait.SpinUntil(() => File.Exists(_guest.Path("on")), TimeSpan.FromSeconds(10)).Should().BeTrue();
        process.Kill(entireProcessTree: true);

        _guest.Run(StepEnvelope.FetchTail(Guest.Bake, "step/slow/1", isWindows: false)).Should().Be(new GuestRun(0, "working\n", ""));
    }

    [Fact]
    public void FetchTail_WithoutOutput_SaysSo() =>
        _guest.Run(StepEnvelope.FetchTail(Guest.Bake, "step/none/1", isWindows: false)).Output.Should().Contain("no output was kept");

    [Theory]
    [InlineData("/bin/sh")]
    [InlineData("/bin/bash")]
    public void Run_ScriptOfFortyKilobytes_Runs(string shell)
    {
        // Random text: it does not compress, so it needs many payload lines.
        var noise = Convert.ToHexString(RandomNumberGenerator.GetBytes(20_000));

        _guest.Run($"echo start\n# {noise}\necho end", shell: shell).Should().Be(new GuestRun(0, "start\nend\n", ""));
    }

    [Fact]
    public void Run_WindowsLineEnds_AreNotPartOfTheScript() => _guest.Run("#!/bin/sh\r\necho ok\r\n").Output.Should().Be("ok\n");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Wrap_LinesFitSsm_NoneIsLongOrReadsAsAParameter(bool isWindows)
    {
        var lines = StepEnvelope.Wrap(
            new StepScript
            {
                Bake = Guest.Bake,
                Key = "step/a/1",
                Text = "echo {{ssm:secret}} " + Convert.ToHexString(RandomNumberGenerator.GetBytes(10_000)),
                IsWindows = isWindows,
            }
        );

        lines.Should().OnlyContain(line => line.Length <= 4_000 && !line.Contains('\n') && !line.Contains("{{"));
    }

    [Fact]
    public void Wrap_TooMuchEnvironment_SaysWhatToDo()
    {
        var script = new StepScript
        {
            Bake = Guest.Bake,
            Key = "step/install/1",
            Text = "true",
            Environment = new Dictionary<string, string> { ["BIG"] = Convert.ToHexString(RandomNumberGenerator.GetBytes(64_000)) },
        };

        var wrap = () => StepEnvelope.EnsureFits(script);

        wrap.Should()
            .Throw<BakeFailedException>()
            .Where(e => e.Code == FailureCodes.RecipeInvalid && e.Kind == FailureKind.Invalid)
            .WithMessage(
                "step/install/1: the script and its environment take * bytes after compression, SSM accepts 60,000; split the step*"
            );
    }

    [Theory]
    [InlineData("A B", "x", "*'A B' cannot be the name*")]
    [InlineData("1A", "x", "*'1A' cannot be the name*")]
    [InlineData("A", "x\0y", "*NUL*")]
    public void Wrap_UnusableVariable_IsRefused(string name, string value, string message)
    {
        var script = new StepScript
        {
            Bake = Guest.Bake,
            Key = "step/a/1",
            Text = "true",
            Environment = new Dictionary<string, string> { [name] = value },
        };

        script.Invoking(StepEnvelope.EnsureFits).Should().Throw<BakeFailedException>().WithMessage(message);
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("a b")]
    [InlineData("")]
    public void Wrap_KeyThatIsNoDirectoryName_IsRefused(string key) =>
        new StepScript
        {
            Bake = Guest.Bake,
            Key = key,
            Text = "true",
        }
            .Invoking(StepEnvelope.Wrap)
            .Should()
            .Throw<ArgumentException>();

    [Fact]
    public void Wrap_Shell_IsCleanForShellcheck()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/shellcheck"), "shellcheck is not installed.");
        var script = new StepScript
        {
            Bake = Guest.Bake,
            Key = "step/a/1",
            Text = "true",
            Environment = Home(),
            Reboot = RebootPolicy.IfNeeded,
        };
        foreach (var lines in new[] { StepEnvelope.Wrap(script), StepEnvelope.FetchTail(Guest.Bake, "step/a/1", isWindows: false) })
        {
            var file = _guest.Path("check.sh");
            File.WriteAllLines(file, lines);
            using var shellcheck = Guest.Start("shellcheck", file);
            Guest.End(shellcheck).Should().Be(new GuestRun(0, "", ""));
        }
    }

    private Dictionary<string, string> Home() => new() { ["HOME"] = _guest.Root };
}
