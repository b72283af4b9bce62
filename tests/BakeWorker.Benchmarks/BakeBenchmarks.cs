using BakeWorker.Core.Bakes;
using BakeWorker.Core.Recipes;
using BakeWorker.Testing;
using BenchmarkDotNet.Attributes;

namespace BakeWorker.Benchmarks;

/// <summary>What a bake costs this process, with the cloud in memory and time virtual.</summary>
[MemoryDiagnoser]
public class BakeBenchmarks
{
    private Bakery _bakery = null!;
    private RecipeSource _recipes = null!;
    private int _count;

    [GlobalSetup]
    public void Open()
    {
        _bakery = Bakery.Open();
        _recipes = _bakery.Get<RecipeSource>();
    }

    [GlobalCleanup]
    public void Close() => _bakery.Dispose();

    /// <summary>From pinned base to released image: every stage, through the real SDK.</summary>
    [Benchmark]
    public BakeResult WholeBake() => _bakery.Bake(requestId: $"benchmark-{_count++}");

    /// <summary>One signed call through the SDK's pipeline to LocalCloud and back.</summary>
    [Benchmark]
    public object DescribeRegions() => _bakery.Clients.Ec2.DescribeRegionsAsync().GetAwaiter().GetResult();

    /// <summary>Reading, checking and digesting a shipped recipe with all its scripts.</summary>
    [Benchmark]
    public Recipe ReadRecipe() => _recipes.Require("debian-12-base");
}
