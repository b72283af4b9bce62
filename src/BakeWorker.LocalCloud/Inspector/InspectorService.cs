using System.Text.Json.Nodes;
using BakeWorker.LocalCloud.Guests;
using BakeWorker.LocalCloud.Inspector.Advisories;
using BakeWorker.LocalCloud.Inspector.Coverage;
using BakeWorker.LocalCloud.Inspector.Findings;
using BakeWorker.LocalCloud.Inspector.Images;
using BakeWorker.LocalCloud.Protocols;
using BakeWorker.LocalCloud.Ssm.Agents;

namespace BakeWorker.LocalCloud.Inspector;

/// <summary>Inspector2: coverage, findings and on-demand scans.</summary>
public sealed class InspectorService : IRestService
{
    private readonly LocalCloudAccount _account;
    private readonly AccountStatus _status;
    private readonly CoverageQueries _coverage;
    private readonly FindingQueries _findings;
    private readonly FindingAggregations _aggregations;
    private readonly ImageScans _images;

    /// <summary>Reads the advisories; throws <see cref="InvalidDataException"/> when a file of the caller's is not in OSV format.</summary>
    public InspectorService(LocalCloudAccount account, IMachines machines)
    {
        _account = account;
        var agents = new AgentRoster(account, machines);
        var advisories = account.Options.AdvisoriesPath is { } path ? new AdvisoryBook(OsvReader.ReadPath(path)) : AdvisoryBook.Bundled;
        var scans = new InstanceScans(account, machines, agents, Behavior, advisories);
        _status = new AccountStatus(account, Behavior);
        _coverage = new CoverageQueries(account, scans, agents, Behavior);
        _findings = new FindingQueries(account, scans, Behavior);
        _aggregations = new FindingAggregations(account, scans);
        _images = new ImageScans(account, machines, Behavior, advisories);
    }

    public InspectorBehavior Behavior { get; } = new();

    public string? FindAction(string method, string path) => method == "POST" ? InspectorRoutes.ByPath.GetValueOrDefault(path) : null;

    public ValueTask<JsonObject> InvokeAsync(Call call, JsonObject input, CancellationToken ct)
    {
        lock (_account.Gate)
        {
            return new(Answer(call, input));
        }
    }

    private JsonObject Answer(Call call, JsonObject input) =>
        call.Action switch
        {
            "BatchGetAccountStatus" => _status.BatchGet(input),
            "Enable" => _status.Enable(input),
            "StartOnDemandScan" => _images.Start(call, input),
            "GetOnDemandScanStatus" => _images.GetStatus(call, input),
            "ListOnDemandScans" => _images.List(call, input),
            _ when !Behavior.IsEnabled => throw new CloudException(
                "AccessDeniedException",
                "Inspector is not enabled for this account.",
                403
            ),
            "ListCoverage" => _coverage.List(call, input),
            "ListFindings" => _findings.List(call, input),
            "ListFindingAggregations" => _aggregations.List(call, input),
            _ => throw CloudException.UnknownAction(call),
        };
}
