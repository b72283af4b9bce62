using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using BakeWorker.Settings;
using BakeWorker.Testing;

namespace BakeWorker.Tests.Docs;

/// <summary>What README and docs show is run here, letter for letter, by a shell. Only what a page starts to keep is started once for all.</summary>
public sealed partial class ShownCommandsTests : IDisposable
{
    private static readonly string[] KeptRunning = ["bakeworker local", "bakeworker run"];
    private static readonly string Host = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet"));
    private readonly string _folder = Directory.CreateTempSubdirectory("bakeworker-docs-").FullName;
    private readonly Dictionary<string, string> _environment;

    public ShownCommandsTests()
    {
        // The programs as the pages call them: ours without building it again, and never a sandbox, which other tests are about.
        Write(
            "bakeworker",
            $"case \"$1 $*\" in bake*|*'--cloud local'*) set -- \"$@\" --guest scripted ;; esac\nexec '{Host}' '{Path.Combine(AppContext.BaseDirectory, "bakeworker.dll")}' \"$@\""
        );
        Write("dotnet", "[ \"$1 $2 $3 $4\" = 'run --project src/BakeWorker --' ] || exit 99\nshift 4\nexec bakeworker \"$@\"");
        Write("aws", "exec /usr/bin/aws --endpoint-url \"$AWS_ENDPOINT_URL\" \"$@\"");
        _environment = new()
        {
            ["HOME"] = _folder,
            ["PATH"] = $"{_folder}/bin:/usr/local/bin:/usr/bin:/bin",
            // What CI sets.
            ["GITHUB_REPOSITORY"] = "example/images",
            ["GITHUB_RUN_ID"] = "4711",
            ["CI_PIPELINE_ID"] = "4712",
            ["TRACEPARENT"] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        };
        // Some pages write recipes, so these are a copy, found where a person's own would be.
        CopyRecipes(Checkout.File("recipes"), Path.Combine(_folder, "recipes"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task EveryCommand_IsRunAsShown()
    {
        await using var local = BakeWorkerProcess.Start(
            _folder,
            _environment,
            "local",
            "--port",
            "0",
            "--guest",
            "scripted",
            "--speed",
            "100"
        );
        foreach (var (name, value) in await local.ReadExportsAsync())
        {
            _environment[name] = value;
        }

        var (bake, image) = await BakeAsync();
        await RunAsync(
            "mkdir -p root/etc root/bin && cp /bin/sh root/bin && echo ID=ubuntu > root/etc/os-release && tar -C root -cJf ubuntu-root.tar.xz ."
        );
        foreach (var command in ShownCommand.All.Where(IsRunHere))
        {
            var text = command
                .Text.Replace("http://127.0.0.1:4566", _environment["AWS_ENDPOINT_URL"], StringComparison.Ordinal)
                .Replace("bake-0123456789abcdef", bake, StringComparison.Ordinal)
                .Replace("ami-0123456789abcdef0", image, StringComparison.Ordinal)
                .Replace("ami-0fedcba9876543210", image, StringComparison.Ordinal);
            var (code, output) = await RunAsync(text);
            // The bake that stands for every bake is published, which cancel refuses.
            var expected = text.StartsWith("bakeworker cancel", StringComparison.Ordinal) ? 2 : 0;
            code.Should().Be(expected, "{0}\n{1}", command, output);
        }
    }

    [Fact]
    public void Jobs_OfCi_AreAmongThem() =>
        ShownCommand
            .All.Where(command => command.Text.Contains("--request-id", StringComparison.Ordinal) && command.Page == "docs/ci.md")
            .Should()
            .HaveCount(2)
            .And.OnlyContain(command => IsRunHere(command));

    [Fact]
    public void TestCommand_IsTheOneOfTheReadme() =>
        ShownCommand
            .All.Where(command => command.Text.StartsWith("dotnet test", StringComparison.Ordinal))
            .Should()
            .ContainSingle()
            .Which.Page.Should()
            .Be("README.md");

    [Fact]
    public void Path_OfTheReadme_LeadsToTheProgram()
    {
        var shown = ShownCommand
            .All.Should()
            .ContainSingle(command => command.Program == "export" && command.Page == "README.md")
            .Which.Text;
        var folder = Regex.Match(shown, "^export PATH=\"\\$PWD/(?<folder>[^:]+):\\$PATH\"$").Groups["folder"].Value;

        // What is tested may have been built otherwise than the README's command builds.
        var built = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        File.Exists(Checkout.File($"{Path.GetDirectoryName(folder)}/{built}/bakeworker")).Should().BeTrue(shown);
        Path.GetFileName(folder).Should().Be("debug");
    }

    [Fact]
    public void ContainerCommands_SetOnlyWhatExists()
    {
        var settings = typeof(WorkerSettings).GetProperties().Select(property => property.Name.ToUpperInvariant()).ToHashSet();
        var names = ShownCommand
            .All.Where(command => command.Program == "docker")
            .SelectMany(command => Variables().Matches(command.Text))
            .ToList();

        names.Should().NotBeEmpty();
        names.Select(name => name.Groups[1].Value).Should().OnlyContain(name => settings.Contains(name));
    }

    // Docker is not on every machine; the AWS CLI is where CI runs. Projects of tests are for tests of their own.
    private static bool IsRunHere(ShownCommand command) =>
        !KeptRunning.Contains(command.Text)
        && !command.Text.StartsWith("dotnet test", StringComparison.Ordinal)
        && !command.Text.Contains("--project tests/", StringComparison.Ordinal)
        && command.Program != "docker"
        // Only a machine that runs has a door; NewcomerTests go through it.
        && !command.Text.StartsWith("bakeworker shell", StringComparison.Ordinal)
        && (command.Program is not ("aws" or "openssl") || File.Exists($"/usr/bin/{command.Program}"));

    private async Task<(string Bake, string Image)> BakeAsync()
    {
        await using var submit = BakeWorkerProcess.Start(
            _folder,
            _environment,
            "submit",
            "debian-12-base",
            "--wait",
            "--timeout",
            "2m",
            "--json"
        );
        (await submit.ExitAsync()).Should().Be(0, submit.Error);
        var result = JsonDocument.Parse(submit.Output).RootElement;
        return (result.GetProperty("bakeId").GetString()!, result.GetProperty("images").EnumerateObject().First().Value.GetString()!);
    }

    private async Task<(int Code, string Output)> RunAsync(string command)
    {
        await using var shell = BakeWorkerProcess.StartProgram("bash", ["-c", command], _folder, _environment);
        return (await shell.ExitAsync(), shell.Output + shell.Error);
    }

    private static void CopyRecipes(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private void Write(string program, string script)
    {
        var path = Path.Combine(_folder, "bin", program);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, $"#!/bin/bash\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
        }
    }

    [GeneratedRegex("BAKEWORKER__([A-Z]+)")]
    private static partial Regex Variables();
}
