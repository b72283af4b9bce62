using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using BakeWorker.Testing;
using YamlDotNet.RepresentationModel;

namespace BakeWorker.Tests.Deploy;

/// <summary>deploy/grafana asks for metrics and labels that a worker tells, so that no panel is empty and no alert silent for ever.</summary>
public sealed partial class GrafanaTests
{
    private static readonly Lazy<ScrapedMetrics> Metrics = new(ScrapedMetrics.OfABake);
    private static readonly Lazy<JsonNode> Dashboard = new(() =>
        JsonNode.Parse(File.ReadAllText(Checkout.File("deploy/grafana/dashboard.json")))!
    );

    private static readonly HashSet<string> Words =
    [
        "absent",
        "by",
        "histogram_quantile",
        "increase",
        "label_values",
        "max",
        "min",
        "or",
        "rate",
        "sort_desc",
        "sum",
        "vector",
    ];

    [Fact]
    public void Dashboard_AsksForWhatTheWorkerTells()
    {
        var queries = All(Dashboard.Value, "expr").Append((string)Variable("recipe")["query"]!["query"]!).ToList();

        queries.Should().HaveCountGreaterThan(20);
        queries.SelectMany(Mistakes).Should().BeEmpty();
    }

    [Fact]
    public void Alerts_AskForWhatTheWorkerTells_AndSayWhatToDo()
    {
        var rules = Rules().ToList();

        rules.Should().HaveCountGreaterThan(8);
        rules.SelectMany(rule => Mistakes($"{rule["expr"]}")).Should().BeEmpty();
        rules.Should().OnlyContain(rule => $"{rule["annotations"]["summary"]}".Length > 0 && $"{rule["annotations"]["mend"]}".Length > 0);
        rules.Select(rule => $"{rule["alert"]}").Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void Query_ForWhatNobodyTells_IsAMistake()
    {
        Mistakes("sum(rate(bakeworker_bakes_total[5m]))").Should().ContainSingle().Which.Should().Contain("bakeworker_bakes_total");
        Mistakes("sum by (owner) (cicd_pipeline_run_active)").Should().ContainSingle().Which.Should().Contain("owner");
        Mistakes("cicd_pipeline_run_active{recipe=\"a\"}").Should().ContainSingle().Which.Should().Contain("recipe");
    }

    [Fact]
    public void Legends_NameLabelsThatTheQueryKeeps()
    {
        foreach (var target in Dashboard.Value["panels"]!.AsArray().SelectMany(panel => panel!["targets"]?.AsArray() ?? []))
        {
            var kept = Groups()
                .Matches((string?)target!["expr"] ?? "")
                .SelectMany(group => Identifiers().Matches(group.Groups["labels"].Value));
            Placeholders()
                .Matches((string?)target["legendFormat"] ?? "")
                .Select(label => label.Groups["label"].Value)
                .Should()
                .BeSubsetOf(kept.Select(label => label.Value), "of {0}", target["expr"]);
        }
    }

    [Fact]
    public void Traces_AreFoundByAttributesThatSpansHave()
    {
        var query = All(Dashboard.Value, "query").Should().ContainSingle(text => text.Contains("span.")).Subject;

        SpanAttributes().Matches(query).Select(name => name.Groups["name"].Value).Should().BeSubsetOf(ScrapedMetrics.OfSpans());
    }

    [Fact]
    public void DataSources_AreVariables()
    {
        var sources = Dashboard.Value["panels"]!.AsArray().Select(panel => panel!["datasource"]?["uid"]).Where(uid => uid is not null);

        sources.Select(uid => (string)uid!).Distinct().Should().BeEquivalentTo("${prometheus}", "${tempo}");
        ((string?)Variable("prometheus")["type"]).Should().Be("datasource");
        ((string?)Variable("tempo")["type"]).Should().Be("datasource");
    }

    [Fact]
    public void Rows_AreTheQuestionsOfAnOperator() =>
        Dashboard.Value["panels"]!
            .AsArray()
            .Where(panel => (string?)panel!["type"] == "row")
            .Select(panel => (string?)panel!["title"])
            .Should()
            .Equal("Now", "Outcomes", "Where time goes", "Images", "AWS", "Traces");

    private static IEnumerable<string> Mistakes(string query)
    {
        // Labels stand in braces and behind "by"; whatever else has a name is a function or a metric.
        var labels = Selectors()
            .Matches(query)
            .SelectMany(selector => Comparisons().Matches(selector.Groups["labels"].Value).Select(label => label.Groups["label"].Value))
            .Concat(
                Groups()
                    .Matches(query)
                    .SelectMany(group => Identifiers().Matches(group.Groups["labels"].Value).Select(label => label.Value))
            )
            .ToList();
        var rest = Identifiers()
            .Matches(Ranges().Replace(Groups().Replace(Selectors().Replace(query, ""), ""), ""))
            .Select(word => word.Value);
        var metrics = rest.Where(word => !Words.Contains(word)).ToList();
        if (query.StartsWith("label_values(", StringComparison.Ordinal))
        {
            (metrics, labels) = (metrics[..1], metrics[1..]);
        }

        var known = metrics.Select(metric => Metrics.Value.FindLabels(metric)).ToList();
        return
        [
            .. metrics.Where((_, i) => known[i] is null).Select(metric => $"{metric} is told by nobody: {query}"),
            .. labels
                .Where(label => known.TrueForAll(own => own?.Contains(label) is false))
                .Select(label => $"{label} is no label there: {query}"),
        ];
    }

    private static JsonNode Variable(string name) =>
        Dashboard.Value["templating"]!["list"]!.AsArray().Single(variable => (string?)variable!["name"] == name)!;

    private static IEnumerable<YamlNode> Rules()
    {
        var stream = new YamlStream();
        using var text = File.OpenText(Checkout.File("deploy/grafana/alerts.yaml"));
        stream.Load(text);
        return ((YamlSequenceNode)stream.Documents[0].RootNode["groups"]).SelectMany(group => (YamlSequenceNode)group["rules"]);
    }

    private static IEnumerable<string> All(JsonNode? node, string property) =>
        node switch
        {
            JsonObject map => map.SelectMany(pair =>
                pair.Key == property && pair.Value is JsonValue value ? [value.ToString()] : All(pair.Value, property)
            ),
            JsonArray list => list.SelectMany(item => All(item, property)),
            _ => [],
        };

    [GeneratedRegex(@"\{(?<labels>[^}]*)\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Selectors();

    [GeneratedRegex("(?<label>[a-z_]+)(=~|!~|!=|=)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Comparisons();

    [GeneratedRegex(@"\bby \((?<labels>[^)]*)\)", RegexOptions.ExplicitCapture)]
    private static partial Regex Groups();

    [GeneratedRegex(@"\[[^\]]*\]")]
    private static partial Regex Ranges();

    [GeneratedRegex(@"\b[a-z_]{2,}\b")]
    private static partial Regex Identifiers();

    [GeneratedRegex(@"\{\{(?<label>[a-z_]+)\}\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Placeholders();

    [GeneratedRegex(@"span\.(?<name>[a-z._]+[a-z])", RegexOptions.ExplicitCapture)]
    private static partial Regex SpanAttributes();
}
