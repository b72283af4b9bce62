using BakeWorker.Core.Cloud;

namespace BakeWorker.Core.Publishing;

/// <summary>Somebody in another account who launches a shared image, as far as a key's policy can tell him from others; null is not known.</summary>
internal sealed record KeyCaller(string Region)
{
    public string? Account { get; private init; }
    public string? Organization { get; private init; }
    public string? Unit { get; private init; }

    /// <summary>Everybody whom an image is shared with, by the account or ARN that the recipe names.</summary>
    public static IEnumerable<(string Name, KeyCaller Caller)> Of(LaunchPermissions share, string region) =>
        [
            .. share.Accounts.Select(account => (account, new KeyCaller(region) { Account = account })),
            .. share.OrganizationArns.Select(arn => (arn, new KeyCaller(region) { Organization = arn.Split('/')[^1] })),
            .. share.OrganizationalUnitArns.Select(arn =>
                (arn, new KeyCaller(region) { Organization = arn.Split('/')[^2], Unit = arn.Split('/')[^1] })
            ),
        ];

    /// <summary>Whether a condition's key has one of these values when EC2 launches in his name; null where nobody can tell beforehand.</summary>
    public bool? Has(string key, IReadOnlyList<string> patterns) =>
        key.ToLowerInvariant() switch
        {
            "aws:principalaccount" or "kms:calleraccount" => Is(Account, patterns),
            "aws:principalorgid" => Is(Organization, patterns),
            "aws:principalorgpaths" => IsBelow(patterns),
            "kms:viaservice" => Is($"ec2.{Region}.amazonaws.com", patterns),
            "kms:grantisforawsresource" => Is("true", patterns),
            _ => null,
        };

    private static bool? Is(string? value, IReadOnlyList<string> patterns) =>
        value is null ? null : patterns.Any(pattern => Wildcards.Match(pattern, value));

    // Such as o-abcdefghij/r-ab12/ou-ab12-cdefghij/*. Which units lie above another one only the organization knows.
    private bool? IsBelow(IReadOnlyList<string> patterns)
    {
        if (Organization is null)
        {
            return null;
        }

        var own = patterns
            .Select(pattern => pattern.TrimEnd('*').Split('/', StringSplitOptions.RemoveEmptyEntries))
            .Where(path => path is [var first, ..] && first == Organization)
            .ToList();
        var isSure = own.Exists(path => path.Length <= 2 || (Unit is not null && path.Contains(Unit)));
        return isSure ? true
            : own.Count > 0 && Unit is not null ? null
            : false;
    }
}
