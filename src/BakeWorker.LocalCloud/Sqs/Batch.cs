using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Sqs;

/// <summary>Up to ten entries in one call, each of which succeeds or fails for itself.</summary>
internal static partial class Batch
{
    /// <summary>Throws what refuses the whole call: no entry, too many, a bad or repeated id.</summary>
    public static IReadOnlyList<JsonObject> Read(Call call, JsonObject input)
    {
        var entries = input.Objects("Entries");
        if (entries.Count == 0)
        {
            throw new CloudException("EmptyBatchRequest", $"There should be at least one {call.Action}RequestEntry in the request.");
        }

        if (entries.Count > 10)
        {
            throw new CloudException(
                "TooManyEntriesInBatchRequest",
                $"Maximum number of entries per request are 10. You have sent {entries.Count}."
            );
        }

        var seen = new HashSet<string>();
        foreach (var entry in entries)
        {
            var id = entry.String("Id") ?? "";
            if (!IdPattern().IsMatch(id))
            {
                throw new CloudException(
                    "InvalidBatchEntryId",
                    "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long."
                );
            }

            if (!seen.Add(id))
            {
                throw new CloudException("BatchEntryIdsNotDistinct", $"Id {id} repeated.");
            }
        }

        return entries;
    }

    public static JsonObject Run(IReadOnlyList<JsonObject> entries, Func<JsonObject, JsonObject> run)
    {
        JsonArray successful = [];
        JsonArray failed = [];
        foreach (var entry in entries)
        {
            var id = entry.String("Id");
            try
            {
                var result = run(entry);
                result["Id"] = id;
                successful.Add((JsonNode)result);
            }
            catch (CloudException error)
            {
                failed.Add(
                    (JsonNode)
                        new JsonObject
                        {
                            ["Id"] = id,
                            ["SenderFault"] = error.Status < 500,
                            ["Code"] = SqsErrors.QueryCode(error),
                            ["Message"] = error.Message,
                        }
                );
            }
        }

        var answer = new JsonObject { ["Successful"] = successful };
        if (failed.Count > 0)
        {
            answer["Failed"] = failed;
        }

        return answer;
    }

    [GeneratedRegex("^[A-Za-z0-9_-]{1,80}$", RegexOptions.CultureInvariant)]
    private static partial Regex IdPattern();
}
