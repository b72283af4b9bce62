using System.Diagnostics;
using System.Runtime.CompilerServices;
using BakeWorker.LocalCloud.Guests;
using BakeWorker.LocalCloud.Guests.Host;
using BakeWorker.LocalCloud.Guests.Sandbox;

namespace BakeWorker.LocalCloud.Tests.Guests.Sandbox;

/// <summary>This program again, as nothing but the host of one guest, so that a test can kill it.</summary>
internal static class OtherHost
{
    private const string Word = "--host-one-sandbox";

    /// <summary>Starts it as a careless parent would: with a file of its own left open.</summary>
    public static Process Start(GuestHostOptions options, string leftOpen) =>
        Process.Start(
            new ProcessStartInfo(
                "sh",
                [
                    "-c",
                    "exec 9<\"$1\"; shift; exec \"$@\"",
                    "sh",
                    leftOpen,
                    Environment.ProcessPath!,
                    Word,
                    options.DataFolder,
                    options.CacheFolder!,
                ]
            )
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            }
        )!;

    // Other threads cannot run this module's code before its initializer has ended, hence nothing here is asynchronous.
    [ModuleInitializer]
    internal static void Host()
    {
        if (Environment.GetCommandLineArgs() is [_, Word, var data, var cache])
        {
            var host = new SandboxGuestHost(new GuestHostOptions { DataFolder = data, CacheFolder = cache }, TimeProvider.System);
            var guest = (SandboxGuest)host.Create(new GuestSpec("i-other", "ami-0", SandboxWorld.Debian, "eu-central-1"));
            guest.BootAsync(CancellationToken.None).GetAwaiter().GetResult();
            Console.WriteLine(guest.ProcessId);
            Console.In.ReadToEnd();
            Environment.Exit(0);
        }
    }
}
