using System.IO.Enumeration;

namespace BakeWorker.LocalCloud.Faults;

/// <summary>Pools of capacity, by pattern (<c>*</c> and <c>?</c>); the default is every pool.</summary>
public sealed record Pool(string InstanceType = "*", string Subnet = "*", bool? Spot = null)
{
    internal bool Has(PoolOf? pool) =>
        pool is null || (Matches(InstanceType, pool.InstanceType) && Matches(Subnet, pool.Subnet) && (Spot is null || Spot == pool.IsSpot));

    internal static bool Matches(string pattern, string value) => FileSystemName.MatchesSimpleExpression(pattern, value, ignoreCase: false);
}
