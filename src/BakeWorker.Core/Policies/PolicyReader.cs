using System.Security.Cryptography;
using BakeWorker.Core.Binding;
using BakeWorker.Core.Policies.Fields;
using BakeWorker.Core.Recipes;
using BakeWorker.Core.Recipes.Fields;

namespace BakeWorker.Core.Policies;

/// <summary>What became of a policy file: the policy, unless there are errors, and everything found wrong on the way.</summary>
public sealed record PolicyReading(OperatorPolicy? Policy, IReadOnlyList<Problem> Problems);

/// <summary>Reads the operator's policy file.</summary>
public static class PolicyReader
{
    /// <summary>A file that cannot be read is an error like any other: without its policy nothing may be baked.</summary>
    public static PolicyReading Read(string path)
    {
        var problems = new Problems(Shown.Path(path));
        var policy = Read(path, problems);
        return new PolicyReading(problems.HasErrors ? null : policy, problems.All);
    }

    private static OperatorPolicy? Read(string path, Problems problems)
    {
        byte[] content;
        try
        {
            content = File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problems.Error(Place.Start, $"the policy cannot be read: {exception.Message.TrimEnd('.')}.");
            return null;
        }

        return
            YamlDocument.Read(content, problems) is { } root
            && PolicyFields.Shape.TryRead(root, "", problems, out var policy)
            && !problems.HasErrors
            ? PolicyOf(policy) with
            {
                Digest = $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}",
            }
            : null;
    }

    private static OperatorPolicy PolicyOf(Section policy)
    {
        var scan = policy.In(PolicyFields.Scan);
        return new OperatorPolicy
        {
            Base = Base(policy.In(PolicyFields.Base)),
            Regions = policy.Has(PolicyFields.Regions) ? policy.List(PolicyFields.Regions) : null,
            Share = Share(policy.In(PolicyFields.Share)),
            Require = Require(policy.In(PolicyFields.Require)),
            ScanSources = Else(scan, ScanPolicyFields.Sources, OperatorPolicy.Default.ScanSources),
            Findings = scan.Has(ScanPolicyFields.Block) ? RecipeMapping.Block(scan.In(ScanPolicyFields.Block)) : null,
            LongestWaiver = scan.FindValue(ScanPolicyFields.LongestWaiver),
        };
    }

    private static BasePolicy Base(Section section) =>
        new()
        {
            Owners = Else(section, BasePolicyFields.Owners, BasePolicy.WellKnownOwners),
            MaxAge = section.FindValue(BasePolicyFields.MaxAge),
        };

    private static SharePolicy Share(Section share) =>
        new()
        {
            Accounts = share.List(SharePolicyFields.Accounts),
            OrganizationArns = share.List(SharePolicyFields.Organizations),
            OrganizationalUnitArns = share.List(SharePolicyFields.OrganizationalUnits),
            Public = share.Get(SharePolicyFields.Public),
        };

    private static RequirePolicy Require(Section require) =>
        new()
        {
            Phases = Else(require, RequirePolicyFields.Phases, OperatorPolicy.Default.Require.Phases),
            Tests = require.List(RequirePolicyFields.Tests),
            Gates = Gates(require.Map(RequirePolicyFields.Gates)),
            Tags = require.List(RequirePolicyFields.Tags),
            Encryption = require.Get(RequirePolicyFields.Encryption),
            ImdsV2 = require.Get(RequirePolicyFields.ImdsV2),
        };

    private static Dictionary<Gate, int> Gates(IReadOnlyDictionary<string, int> least) =>
        Enum.GetValues<Gate>()
            .Where(gate => least.ContainsKey(Words.Gate.Show(gate)))
            .ToDictionary(gate => gate, gate => least[Words.Gate.Show(gate)]);

    private static IReadOnlyList<T> Else<T>(Section section, Field<IReadOnlyList<Placed<T>>> field, IReadOnlyList<T> otherwise)
        where T : notnull => section.Has(field) ? section.List(field) : otherwise;
}
