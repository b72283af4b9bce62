namespace BakeWorker.LocalCloud.Protocols;

/// <summary>
/// The scope a SigV4 caller signed for. The signature itself is not checked: LocalCloud knows no secrets, so any key is as good as another.
/// </summary>
internal sealed record CredentialScope(string AccessKeyId, string Region, string Service)
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>Reads the Authorization header or, for presigned requests, the query; throws the refusal when there is no readable scope.</summary>
    public static CredentialScope Read(WireRequest request)
    {
        var credential = request.Header("Authorization") is { Length: > 0 } header
            ? FromHeader(header)
            : QueryInput.Parse(request.Query).String("X-Amz-Credential");
        if (credential is null)
        {
            throw new CloudException("MissingAuthenticationToken", "Request is missing Authentication Token", 403);
        }

        return credential.Split('/') is [{ Length: > 0 } key, _, { Length: > 0 } region, { Length: > 0 } service, "aws4_request"]
            ? new(key, region, service)
            : throw Incomplete(
                $"Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '{credential}'"
            );
    }

    private static string FromHeader(string header)
    {
        if (!header.StartsWith(Algorithm + " ", StringComparison.Ordinal))
        {
            throw Incomplete($"Unsupported AWS 'algorithm': only {Algorithm} is understood");
        }

        const string Name = "Credential=";
        return header[Algorithm.Length..]
                .Split(',', StringSplitOptions.TrimEntries)
                .FirstOrDefault(part => part.StartsWith(Name, StringComparison.Ordinal))
                ?[Name.Length..]
            ?? throw Incomplete("Authorization header requires 'Credential' parameter.");
    }

    private static CloudException Incomplete(string message) => new("IncompleteSignature", message, 403);
}
