using System.Text.Json.Nodes;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Ssm.Documents;

/// <summary>DescribeDocument, GetDocument and ListDocuments over the catalogue.</summary>
internal static class DocumentQueries
{
    private static readonly DateTimeOffset CreatedAt = new(2016, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static Document Find(string name, string? version)
    {
        var document =
            DocumentCatalogue.Find(name) ?? throw new CloudException("InvalidDocument", $"Document with name {name} does not exist.");
        return version is null or "$DEFAULT" or "$LATEST" or "1"
            ? document
            : throw new CloudException("InvalidDocumentVersion", $"Document version {version} of {name} does not exist.");
    }

    public static JsonObject Describe(JsonObject input)
    {
        var document = Find(input.Required("Name"), input.String("DocumentVersion"));
        var answer = Identify(document);
        answer["Hash"] = DocumentContent.Hash(document);
        answer["HashType"] = "Sha256";
        answer["Status"] = "Active";
        answer["Description"] = document.Description;
        answer["LatestVersion"] = "1";
        answer["DefaultVersion"] = "1";
        answer["Parameters"] = new JsonArray(document.Parameters.Select(JsonNode (item) => Render(item)).ToArray());
        return new JsonObject { ["Document"] = answer };
    }

    public static JsonObject Get(JsonObject input)
    {
        var document = Find(input.Required("Name"), input.String("DocumentVersion"));
        return new JsonObject
        {
            ["Name"] = document.Name,
            ["CreatedDate"] = CreatedAt.ToEpochSeconds(),
            ["DocumentVersion"] = "1",
            ["Status"] = "Active",
            ["Content"] = DocumentContent.Of(document),
            ["DocumentType"] = "Command",
            ["DocumentFormat"] = "JSON",
        };
    }

    public static JsonObject List(JsonObject input)
    {
        var size = JsonRule.Range("MaxResults", input.Long("MaxResults"), 1, 50) ?? 10;
        var filters = input
            .Objects("Filters")
            .Select(filter => (Key: filter.Required("Key"), Values: filter.Strings("Values")))
            .Concat(
                input
                    .Objects("DocumentFilterList")
                    .Select(filter => (Key: filter.Required("key"), Values: (IReadOnlyList<string>)[filter.Required("value")]))
            )
            .ToList();
        var documents = DocumentCatalogue.All.Where(document => filters.TrueForAll(filter => Matches(document, filter.Key, filter.Values)));
        return JsonPage.Of(
            documents.ToList(),
            "DocumentIdentifiers",
            Identify,
            size,
            ("NextToken", input.String("NextToken")),
            () => new CloudException("InvalidNextToken", "The specified token isn't valid.")
        );
    }

    private static bool Matches(Document document, string key, IReadOnlyList<string> values) =>
        key switch
        {
            "Name" => values.Any(value => document.Name.StartsWith(value, StringComparison.Ordinal)),
            "Owner" => values.Any(value => value is "Amazon" or "All" or "Public"),
            "PlatformTypes" => values.Any(value => document.Platforms.Contains(value, StringComparer.Ordinal)),
            "DocumentType" => values.Contains("Command", StringComparer.Ordinal),
            _ => throw new CloudException("InvalidFilterKey", $"The filter key {key} isn't valid."),
        };

    private static JsonObject Identify(Document document) =>
        new()
        {
            ["Name"] = document.Name,
            ["CreatedDate"] = CreatedAt.ToEpochSeconds(),
            ["Owner"] = "Amazon",
            ["PlatformTypes"] = new JsonArray(document.Platforms.Select(platform => (JsonNode)platform).ToArray()),
            ["DocumentVersion"] = "1",
            ["DocumentType"] = "Command",
            ["SchemaVersion"] = document.SchemaVersion,
            ["DocumentFormat"] = "JSON",
            ["Tags"] = new JsonArray(),
        };

    private static JsonObject Render(DocumentParameter parameter)
    {
        var answer = new JsonObject
        {
            ["Name"] = parameter.Name,
            ["Type"] = parameter.Type,
            ["Description"] = parameter.Description,
        };
        if (parameter.Default is { } value)
        {
            answer["DefaultValue"] = value;
        }

        return answer;
    }
}
