using System.Diagnostics;
using System.Text.Json;

namespace BakeWorker.Simulation.Runs;

/// <summary>Plays seeds in processes beside each other, each with a thread pool of one thread.</summary>
public sealed class Fleet(int processes)
{
    /// <summary>What the first argument of such a process is.</summary>
    public const string Member = "member";

    /// <summary>The processor time of all processes so far.</summary>
    public TimeSpan ProcessorTime { get; private set; }

    /// <summary>Every report, as it comes; one at a time.</summary>
    public async Task PlayAsync(int from, int count, Action<SeedReport> seen)
    {
        var gate = new Lock();
        await Task.WhenAll(Enumerable.Range(0, processes).Select(member => FollowAsync(from + member, Share(count, member), Hear)));

        void Hear(SeedReport report)
        {
            lock (gate)
            {
                seen(report);
            }
        }
    }

    /// <summary>One seed, with its story on this process's own output.</summary>
    public static async Task<int> TellAsync(int seed)
    {
        using var process = Process.Start(Start(seed, 1, 1, "--story"))!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    private int Share(int count, int member) => (count + processes - 1 - member) / processes;

    private async Task FollowAsync(int first, int count, Action<SeedReport> hear)
    {
        if (count == 0)
        {
            return;
        }

        var start = Start(first, count, processes);
        start.RedirectStandardOutput = true;
        using var process = Process.Start(start)!;
        var (heard, spent) = (0, TimeSpan.Zero);
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            hear(JsonSerializer.Deserialize<SeedReport>(line)!);
            heard++;
            spent = Spent(process) ?? spent;
        }

        await process.WaitForExitAsync();
        ProcessorTime += spent;
        if (heard < count)
        {
            throw new InvalidOperationException(
                $"A process of the simulation ended with {process.ExitCode} at seed {first + (heard * processes)}; replay it with --seed."
            );
        }
    }

    // Nobody can be asked for it once it has ended.
    private static TimeSpan? Spent(Process process)
    {
        try
        {
            return process.TotalProcessorTime;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static ProcessStartInfo Start(int first, int count, int step, params string[] more)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [typeof(Fleet).Assembly.Location, Member, "--from", $"{first}", "--seeds", $"{count}", "--step", $"{step}", .. more]
        );
        // Guards compiled code against being overwritten, at a tenth of the time; nothing hostile runs here.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        // The runtime would otherwise wait for a tenth of a second without new code before it makes the often used better, and there is always some.
        start.Environment["DOTNET_TC_CallCountingDelayMs"] = "0";
        return start;
    }
}
