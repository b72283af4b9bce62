using System.CommandLine;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Comparing;
using BakeWorker.Embedded;
using BakeWorker.Output;
using BakeWorker.Settings;
using Microsoft.Extensions.DependencyInjection;
using Command = System.CommandLine.Command;

namespace BakeWorker.Commands;

/// <summary><c>diff</c>: what is different between two images, by their proofs and, on this machine, their disks.</summary>
internal static class DiffCommand
{
    public static Command Create(Shell shell)
    {
        var before = new Argument<string>("BEFORE") { Description = "Id of the older image" };
        var after = new Argument<string>("AFTER") { Description = "Id of the newer one" };
        var region = new Option<string?>("--in")
        {
            Description = "Region of the images (default: the one to work in)",
            HelpName = "REGION",
        };
        var cloud = CloudOption.Create();
        var json = new Option<bool>("--json") { Description = "Print one JSON document, with everything" };
        var all = new Option<bool>("--all") { Description = "Show everything, however much it is" };
        var (local, common) = (new LocalOptions(1), new CommonOptions());
        var command = new Command("diff", "Shows what is different between two images") { before, after, region, cloud, json, all };
        local.AddTo(command);
        common.AddTo(command);
        command.SetAction(
            (parsed, ct) =>
                RunAsync(
                    shell,
                    new DiffArguments(parsed.GetRequiredValue(before), parsed.GetRequiredValue(after))
                    {
                        Region = parsed.GetValue(region),
                        IsLocal = parsed.GetRequiredValue(cloud) == CloudOption.Local,
                        IsJson = parsed.GetValue(json),
                        IsAll = parsed.GetValue(all),
                    },
                    local.Read(parsed),
                    common.Read(parsed),
                    ct
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(
        Shell shell,
        DiffArguments wanted,
        LocalArguments local,
        CommonArguments common,
        CancellationToken ct
    )
    {
        var settings = CommandHost.Load(shell, common, local, wanted.IsLocal, settings => SettingsRules.Proof(settings, hasKey: false));
        await using var embedded = await CommandHost.LookAsync(shell, settings, local, wanted.IsLocal, ct);
        using var host = CommandHost.Open(shell, settings, common, embedded);
        var reader = host.Services.GetRequiredService<ImageContentsReader>();
        var region = wanted.Region ?? host.Services.GetRequiredService<ICloud>().Home.Name;
        var before = await ReadAsync(wanted.Before);
        var after = await ReadAsync(wanted.After);
        var differences = before.Parts.Select(part => PartDifference.Between(part, after.Part(part.Name))).ToList();
        if (wanted.IsJson)
        {
            shell.Terminal.Output.WriteLine(DiffText.ToJson(before.Image, after.Image, differences));
        }
        else
        {
            new DiffText(shell.Terminal, wanted.IsAll).Write(before.Image, after.Image, differences);
        }

        return ExitCodes.Done;

        async Task<ImageContents> ReadAsync(string id)
        {
            var contents = await reader.ReadAsync(new ImageId(id), region, ct);
            return embedded is null ? contents : await LocalContents.AddAsync(contents, embedded, ct);
        }
    }
}

/// <summary>What <c>diff</c> was asked for.</summary>
internal sealed record DiffArguments(string Before, string After)
{
    public required string? Region { get; init; }
    public required bool IsLocal { get; init; }
    public required bool IsJson { get; init; }
    public required bool IsAll { get; init; }
}
