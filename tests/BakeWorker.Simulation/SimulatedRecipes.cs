using System.Collections.Concurrent;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Simulation;

/// <summary>The recipes of the simulation, for those who look on: read once.</summary>
internal static class SimulatedRecipes
{
    private static readonly ConcurrentDictionary<string, Recipe> Read = new();

    public static Recipe Find(string name) =>
        Read.GetOrAdd(name, static wanted => new RecipeSource(SimulatedWorld.Recipes, TimeProvider.System).Require(wanted));
}
