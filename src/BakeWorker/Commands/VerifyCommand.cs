using System.CommandLine;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Proofs;
using BakeWorker.Output;
using BakeWorker.Settings;
using Microsoft.Extensions.DependencyInjection;
using Command = System.CommandLine.Command;

namespace BakeWorker.Commands;

/// <summary><c>verify</c>: holds an image against its proof, and says in one sentence what does not fit.</summary>
internal static class VerifyCommand
{
    public static Command Create(Shell shell)
    {
        var image = new Argument<string>("AMI") { Description = "Id of the image or of a copy of it" };
        var region = new Option<string?>("--in") { Description = "Region of the image (default: the one to work in)", HelpName = "REGION" };
        var key = new Option<string?>("--key")
        {
            Description = "PEM file with the public key that must have signed (default: the key of the settings)",
            HelpName = "FILE",
        };
        var cloud = CloudOption.Create();
        var (local, common) = (new LocalOptions(1), new CommonOptions());
        var command = new Command("verify", "Checks an image against its signed proof") { image, region, key, cloud };
        local.AddTo(command);
        common.AddTo(command);
        command.SetAction(
            (parsed, ct) =>
                RunAsync(
                    shell,
                    new VerifyArguments(parsed.GetRequiredValue(image), parsed.GetValue(region), parsed.GetValue(key)),
                    parsed.GetRequiredValue(cloud) == CloudOption.Local,
                    local.Read(parsed),
                    common.Read(parsed),
                    ct
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(
        Shell shell,
        VerifyArguments wanted,
        bool isLocal,
        LocalArguments local,
        CommonArguments common,
        CancellationToken ct
    )
    {
        var settings = CommandHost.Load(shell, common, local, isLocal, settings => SettingsRules.Proof(settings, wanted.Key is not null));
        await using var embedded = await CommandHost.LookAsync(shell, settings, local, isLocal, ct);
        using var host = CommandHost.Open(shell, settings, common, embedded);
        var key = wanted.Key is { } file
            ? ProofPublicKey.Read(ReadKey(shell, file), file)
            : await host.Services.GetRequiredService<IProofKey>().FindPublicAsync(ct);
        var region = wanted.Region ?? host.Services.GetRequiredService<ICloud>().Home.Name;
        Print(shell, await host.Services.GetRequiredService<ProofCheck>().CheckAsync(new ImageId(wanted.Image), region, key, ct));
        return ExitCodes.Done;
    }

    private static string ReadKey(Shell shell, string file)
    {
        try
        {
            return File.ReadAllText(shell.FullPath(file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--key {file} cannot be read: {exception.Message.TrimEnd('.')}.");
        }
    }

    private static void Print(Shell shell, VerifiedImage verified)
    {
        var output = shell.Terminal.Output;
        output.WriteLine($"{verified.Image.Id} in {verified.Image.Region} is what its proof says.");
        foreach (
            var (name, value) in (ReadOnlySpan<(string, string)>)
                [
                    ("recipe", verified.Recipe),
                    ("bake", verified.Bake),
                    ("proof", verified.Digest),
                    ("key", verified.Key),
                    ("builder", verified.Builder),
                    ("packages", Texts.Count(verified.Packages, "package")),
                    .. verified.Documents.Select(path => ("document", path)),
                ]
        )
        {
            output.WriteLine($"  {name, -9} {value}");
        }
    }
}

/// <summary>What <c>verify</c> was asked for.</summary>
internal sealed record VerifyArguments(string Image, string? Region, string? Key);
