using System.CommandLine;
using System.Text.Json;
using BakeWorker.Simulation;
using BakeWorker.Simulation.Runs;
using Spectre.Console;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

var seeds = new Option<int>("--seeds") { Description = "How many seeds to play.", DefaultValueFactory = _ => 200 };
var from = new Option<int>("--from") { Description = "The first seed.", DefaultValueFactory = _ => 1 };
var seed = new Option<int?>("--seed") { Description = "Plays this seed alone and tells everything that happens in it." };
var processes = new Option<int>("--processes")
{
    Description = "How many seeds to play beside each other.",
    DefaultValueFactory = _ => Environment.ProcessorCount,
};
var step = new Option<int>("--step") { DefaultValueFactory = _ => 1 };
var story = new Option<bool>("--story");

var member = new Command(Fleet.Member, "Plays seeds in this process, which has one thread.") { seeds, from, step, story };
member.Hidden = true;
member.SetAction(parsed => PlayHere(parsed.GetValue(from), parsed.GetValue(seeds), parsed.GetValue(step), parsed.GetValue(story)));
var root = new RootCommand("Bakes under faults, crashes and pauses, on virtual time: the same seed is the same story.")
{
    seeds,
    from,
    seed,
    processes,
    member,
};
root.SetAction(parsed =>
    parsed.GetValue(seed) is { } one
        ? Fleet.TellAsync(one)
        : PlayAllAsync(parsed.GetValue(from), parsed.GetValue(seeds), parsed.GetValue(processes))
);

// The test runner starts this program, too, and always with arguments of its own.
string[] ours = [Fleet.Member, "--seeds", "--from", "--seed", "--processes", "--help"];
return args.Contains("--server") || args.Contains("--internal-msbuild-node")
        ? await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
    : args.Length > 0 && ours.Contains(args[0]) ? await root.Parse(args).InvokeAsync()
    : await ConsoleRunner.Run(args);

static async Task<int> PlayAllAsync(int from, int count, int processes)
{
    var (fleet, summary) = (new Fleet(processes), new Summary());
    var progress = AnsiConsole
        .Progress()
        .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn());
    await progress.StartAsync(async context =>
    {
        var bar = context.AddTask("no seed played yet", maxValue: count);
        await fleet.PlayAsync(
            from,
            count,
            report =>
            {
                summary.Add(report);
                bar.Description = $"{summary.Seeds:N0} seeds, {summary.Bad.Count} bad";
                bar.Increment(1);
            }
        );
    });
    summary.Print(AnsiConsole.Console, fleet.ProcessorTime);
    foreach (var complaint in summary.Complaints().Take(10))
    {
        Console.WriteLine(complaint);
    }

    return summary.Bad.Count == 0 ? 0 : 1;
}

static int PlayHere(int from, int count, int step, bool isTold)
{
    var isGood = true;
    for (var n = 0; n < count; n++)
    {
        var report = Simulator.Play(from + (n * step), isTold ? Console.WriteLine : null);
        Console.WriteLine(JsonSerializer.Serialize(report));
        isGood &= report.Violations.Count == 0;
    }

    return isGood ? 0 : 1;
}
