using System.Reflection;
using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using BakeWorker.Core.Pipeline;
using BakeWorker.Testing;
using static ArchUnitNET.Fluent.ArchRuleDefinition;
using Assembly = System.Reflection.Assembly;

namespace BakeWorker.EndToEnd;

/// <summary>The reference rules of the layout: who may know whom.</summary>
public sealed class ArchitectureTests
{
    private static readonly Assembly Core = typeof(BakePipeline).Assembly;
    private static readonly Assembly Aws = Assembly.Load("BakeWorker.Aws");
    private static readonly Assembly LocalCloud = Assembly.Load("BakeWorker.LocalCloud");
    private static readonly Assembly Program = Assembly.Load("bakeworker");

    private static readonly Architecture Ours = new ArchLoader()
        .LoadAssembliesIncludingDependencies(Core, Aws, LocalCloud, Program)
        .Build();

    [Fact]
    public void Core_KnowsNoAws() => References(Core).Should().NotContain(name => name.StartsWith("AWSSDK", StringComparison.Ordinal));

    [Fact]
    public void Core_KnowsNoOtherProjectOfOurs() =>
        References(Core).Should().NotContain(name => name.StartsWith("BakeWorker", StringComparison.Ordinal));

    [Fact]
    public void LocalCloud_ImitatesAws_NotUs() =>
        References(LocalCloud)
            .Should()
            .NotContain(name =>
                name.StartsWith("BakeWorker", StringComparison.Ordinal) || name.StartsWith("AWSSDK", StringComparison.Ordinal)
            );

    [Fact]
    public void OnlyAws_SaysAmazon() =>
        Types()
            .That()
            .ResideInAssembly(Core, LocalCloud, Program)
            .Should()
            .NotDependOnAnyTypesThat()
            .ResideInNamespaceMatching(@"^Amazon(\..*)?$")
            .Evaluate(Ours)
            .Should()
            .OnlyContain(rule => rule.Passed);

    [Fact]
    public void Stages_HoldNoRetry() =>
        Types()
            .That()
            .ResideInNamespace("BakeWorker.Core.Pipeline.Stages")
            .Should()
            .NotDependOnAnyTypesThat()
            .ResideInNamespaceMatching(@"^Polly(\..*)?$")
            .Evaluate(Ours)
            .Should()
            .OnlyContain(rule => rule.Passed);

    [Fact]
    public void Stages_DoNotSleepOrCatchTransientErrors()
    {
        foreach (var file in Directory.EnumerateFiles(Checkout.File("src/BakeWorker.Core/Pipeline/Stages"), "*.cs"))
        {
            File.ReadAllText(file).Should().NotContainAny("Task.Delay", "FailureKind.Transient", "Thread.");
        }
    }

    [Fact]
    public void Folders_AreFeatures_NotDrawers()
    {
        string[] drawers = ["Services", "Helpers", "Common", "Utils", "Managers", "Interfaces"];

        Directory
            .EnumerateDirectories(Checkout.File("src"), "*", SearchOption.AllDirectories)
            .Select(Path.GetFileName)
            .Should()
            .NotContain(name => drawers.Contains(name));
    }

    private static IEnumerable<string> References(Assembly assembly) => assembly.GetReferencedAssemblies().Select(name => name.Name!);
}
