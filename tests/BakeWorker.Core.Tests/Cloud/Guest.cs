using System.Diagnostics;
using System.Globalization;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Tests.Cloud;

/// <summary>Runs enveloped scripts for real, with the guest's paths moved into a temporary folder.</summary>
internal sealed class Guest : IDisposable
{
    public static readonly BakeId Bake = new("bake-0123456789abcdef");

    public Guest()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The envelope's shell half needs Linux.");
        Directory.CreateDirectory(Path("boot"));
        Boot("first");
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("bakeworker-guest-").FullName;

    public string Path(string name) => System.IO.Path.Combine(Root, name);

    /// <summary>From now on the guest has been restarted.</summary>
    public void Boot(string id) => File.WriteAllText(Path("boot-id"), id);

    public GuestRun Run(string text, RebootPolicy reboot = RebootPolicy.Never, string shell = "/bin/sh", string key = "step/test/1") =>
        Run(
            new StepScript
            {
                Bake = Bake,
                Key = key,
                Text = text,
                Reboot = reboot,
            },
            shell
        );

    public GuestRun Run(StepScript script, string shell = "/bin/sh") => Run(StepEnvelope.Wrap(script), shell);

    public GuestRun Run(IReadOnlyList<string> lines, string shell = "/bin/sh")
    {
        using var process = Start(lines, shell);
        return End(process);
    }

    public Process Start(IReadOnlyList<string> lines, string shell = "/bin/sh")
    {
        var text = string.Join('\n', lines)
            .Replace("/var/lib/bakeworker", Path("state"))
            .Replace("/proc/sys/kernel/random/boot_id", Path("boot-id"))
            .Replace("/run/reboot-required", Path("reboot-required"))
            .Replace("/boot/vmlinuz", Path("boot/vmlinuz"));
        var file = Path($"send-{Directory.GetFiles(Root).Length.ToString(CultureInfo.InvariantCulture)}.sh");
        File.WriteAllText(file, text);
        return Start(shell, file);
    }

    public static Process Start(string program, string argument) =>
        Process.Start(
            new ProcessStartInfo(program, [argument])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            }
        )!;

    public static GuestRun End(Process process)
    {
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new GuestRun(process.ExitCode, output, error.GetAwaiter().GetResult());
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}

internal sealed record GuestRun(int ExitCode, string Output, string Error);
