using System.Xml.Linq;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Sts;

/// <summary>STS, as far as a tool asks it who it is.</summary>
public sealed class StsService(LocalCloudAccount account) : IQueryService
{
    /// <summary>The one user of the account; SQS names it as the sender of messages.</summary>
    public const string UserId = "AIDALOCALCLOUDUSER00";

    public ValueTask<IEnumerable<XElement>> InvokeAsync(Call call, QueryInput input, CancellationToken ct) =>
        call.Action == "GetCallerIdentity" ? new(CallerIdentity()) : throw CloudException.UnknownAction(call);

    private XElement[] CallerIdentity() =>
        [
            new("Arn", $"arn:aws:iam::{account.Options.AccountId}:user/localcloud"),
            new("UserId", UserId),
            new("Account", account.Options.AccountId),
        ];
}
