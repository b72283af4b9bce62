using System.Management.Automation.Language;
using BakeWorker.Testing;

namespace BakeWorker.Core.Tests.Scripts.Windows;

/// <summary>Every PowerShell script that travels, read by PowerShell's own parser.</summary>
public sealed class PowerShellRulesTests
{
    // Short names that mean another thing, or nothing, on another machine.
    private static readonly string[] Aliases =
    [
        "%",
        "?",
        "cat",
        "cd",
        "copy",
        "curl",
        "del",
        "dir",
        "echo",
        "foreach",
        "gc",
        "gci",
        "gp",
        "iex",
        "iwr",
        "kill",
        "ls",
        "md",
        "move",
        "ps",
        "rm",
        "rmdir",
        "select",
        "sleep",
        "sort",
        "wget",
        "where",
    ];

    public static TheoryData<string> Scripts() =>
        [
            .. new[] { "recipes", "src/BakeWorker.Core/Pipeline/Scripts" }
                .SelectMany(folder => Directory.EnumerateFiles(Checkout.File(folder), "*.ps1", SearchOption.AllDirectories))
                .Select(file => Path.GetRelativePath(Checkout.Root, file))
                .Order(StringComparer.Ordinal),
        ];

    public static TheoryData<string> LibraryScripts() =>
        [.. Scripts().Select(row => row.Data).Where(path => path.StartsWith("recipes/", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Script_ForPowerShellsParser_HasNoError(string path)
    {
        Parser.ParseFile(Checkout.File(path), out _, out var errors);

        errors.Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Script_UsesNothingThatWindowsPowerShell51DoesNotKnow(string path)
    {
        var script = Parser.ParseFile(Checkout.File(path), out var tokens, out _);

        script
            .FindAll(node => node is TernaryExpressionAst or PipelineChainAst or MemberExpressionAst { NullConditional: true }, true)
            .Should()
            .BeEmpty();
        tokens.Should().NotContain(token => token.Kind == TokenKind.QuestionQuestion || token.Kind == TokenKind.QuestionQuestionEquals);
        File.ReadAllBytes(Checkout.File(path)).Should().NotContain(one => one > 127, "it has no byte order mark in the library");
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Script_NamesCommandsInFull_AndRunsNoText(string path)
    {
        var commands = Parser
            .ParseFile(Checkout.File(path), out _, out _)
            .FindAll(node => node is CommandAst, true)
            .Cast<CommandAst>()
            .Select(command => command.GetCommandName())
            .ToList();

        commands.Should().NotContain(name => name != null && Aliases.Contains(name.ToLowerInvariant()));
        commands.Should().NotContain("Invoke-Expression");
    }

    [Theory]
    [MemberData(nameof(LibraryScripts))]
    public void LibraryScript_SaysWhatItDoes_StopsAtErrors_AndEndsWithACode(string path)
    {
        var lines = File.ReadAllLines(Checkout.File(path));
        var name = path["recipes/steps/".Length..^".ps1".Length];

        lines[0].Should().StartWith($"# {name} - ");
        string.Join('\n', lines.TakeWhile(line => line.StartsWith('#'))).Should().Contain("Exit codes: 0");
        lines.Should().Contain(["Set-StrictMode -Version 2.0", "$ErrorActionPreference = 'Stop'"]);
        lines[^1].Should().Be("exit 0");
    }
}
