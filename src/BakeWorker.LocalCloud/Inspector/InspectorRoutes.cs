namespace BakeWorker.LocalCloud.Inspector;

/// <summary>
/// Which path means which operation; all are POST. The last three are <b>unverified</b>: AWS published on-demand scans after the service
/// models this was written from, so their paths follow the convention of the others. Whoever learns better corrects them here.
/// </summary>
public static class InspectorRoutes
{
    public static IReadOnlyDictionary<string, string> ByPath { get; } =
        new Dictionary<string, string>
        {
            ["/coverage/list"] = "ListCoverage",
            ["/findings/list"] = "ListFindings",
            ["/findings/aggregation/list"] = "ListFindingAggregations",
            ["/status/batch/get"] = "BatchGetAccountStatus",
            ["/enable"] = "Enable",
            ["/ondemandscan/start"] = "StartOnDemandScan",
            ["/ondemandscan/status/get"] = "GetOnDemandScanStatus",
            ["/ondemandscan/list"] = "ListOnDemandScans",
        };
}
