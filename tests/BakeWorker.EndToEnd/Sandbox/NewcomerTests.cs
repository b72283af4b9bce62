using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using BakeWorker.Testing;

namespace BakeWorker.EndToEnd.Sandbox;

/// <summary>A newcomer follows "Your first recipe" of docs/recipes.md, command by command, to an image on this machine.</summary>
[Collection(SandboxTests.Name)]
public sealed partial class NewcomerTests(SandboxMachine machine)
{
    private static readonly string Host = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet"));
    private const string Held = "runs as long as this command";
    private readonly string _folder = Directory.CreateDirectory(Path.Combine(machine.Folder, "newcomer")).FullName;
    private readonly Dictionary<string, string> _environment = new()
    {
        ["HOME"] = machine.Folder,
        ["AWS_REGION"] = SandboxMachine.Region,
        ["BAKEWORKER__CACHE"] = Checkout.File("artifacts/sandbox"),
        ["BAKEWORKER__DATA"] = Path.Combine(machine.Folder, "newcomer-data"),
        ["PATH"] = $"{Path.Combine(machine.Folder, "newcomer", "bin")}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
    };

    [Fact]
    public async Task EveryCommand_OfTheFirstRecipe_DoesWhatThePageSays()
    {
        machine.Require();
        AddProgram();
        var (images, said) = (new List<string>(), new Dictionary<string, string>());
        BakeWorkerProcess? held = null;
        await using var end = new Finally(() => held?.DisposeAsync() ?? default);
        foreach (var command in Commands())
        {
            var text = With(command, images, held);
            if (command.Contains("--until", StringComparison.Ordinal))
            {
                held = Start($"exec {text}");
                await held.UntilAsync(Held);
                continue;
            }

            // Without a command a shell reads what a person types.
            await using var run = Start(
                command.EndsWith(" i-0123456789abcdef0", StringComparison.Ordinal) ? $"echo 'id -un; hello' | {text}" : text
            );
            (await run.ExitAsync()).Should().Be(0, "{0}\n{1}\n{2}", text, run.Error, run.Output);
            said[command] = run.Output;
            images.AddRange(
                Image()
                    .Matches(run.Output)
                    .Select(match => match.Value)
                    .Where(_ => text.StartsWith("bakeworker bake", StringComparison.Ordinal))
            );
        }

        // What Ctrl+C is, where a runner in the background has left it ignored.
        held!.Signal("TERM");
        (await held.ExitAsync()).Should().Be(0, held.Error);
        images.Should().HaveCount(2);
        said["bakeworker shell i-0123456789abcdef0"].TrimEnd().Should().Be("root\nHello");
        said["bakeworker shell i-0123456789abcdef0 -- hello"].TrimEnd().Should().Be("Hello");
        said.Single(one => one.Key.StartsWith("bakeworker diff", StringComparison.Ordinal))
            .Value.Should()
            .Contain("packages: the same")
            .And.MatchRegex(@"~ +/etc/hello\.conf +0644 0:0 6 bytes [0-9a-f]+ -> 0644 0:0 13 bytes [0-9a-f]+");
        await using var late = Start($"bakeworker shell {Kept(held)} -- true");
        (await late.ExitAsync()).Should().NotBe(0, "the guest is gone, and its door with it");
    }

    private sealed class Finally(Func<ValueTask> action) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => action();
    }

    private static List<string> Commands() =>
        [
            .. Section()
                .Matches(File.ReadAllText(Checkout.File("docs/recipes.md")))
                .SelectMany(section => Block().Matches(section.Value))
                .SelectMany(block => block.Groups["lines"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
        ];

    private static string With(string command, IReadOnlyList<string> images, BakeWorkerProcess? held)
    {
        var text = command
            .Replace("ami-0123456789abcdef0", images.ElementAtOrDefault(0), StringComparison.Ordinal)
            .Replace("ami-0fedcba9876543210", images.ElementAtOrDefault(1), StringComparison.Ordinal);
        return held is null ? text : text.Replace("i-0123456789abcdef0", Kept(held), StringComparison.Ordinal);
    }

    private static string Kept(BakeWorkerProcess held) => Instance().Match(held.Error).Groups["id"].Value;

    private BakeWorkerProcess Start(string command) => BakeWorkerProcess.StartProgram("bash", ["-c", command], _folder, _environment);

    private void AddProgram()
    {
        var program = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "bin")).FullName, "bakeworker");
        File.WriteAllText(program, $"#!/bin/sh\nexec '{Host}' '{Path.Combine(AppContext.BaseDirectory, "bakeworker.dll")}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }

    [GeneratedRegex("^## Your first recipe\n.*?(?=^## )", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Section();

    [GeneratedRegex("^```sh\n(?<lines>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Block();

    [GeneratedRegex("ami-[0-9a-f]{17}(?= in eu-west-1)")]
    private static partial Regex Image();

    [GeneratedRegex("(?<id>i-[0-9a-f]{17}) runs as long as", RegexOptions.ExplicitCapture)]
    private static partial Regex Instance();
}
