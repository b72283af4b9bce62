using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace BakeWorker.LocalCloud.Ssm.Documents;

/// <summary>A document's text, as GetDocument shows it.</summary>
internal static class DocumentContent
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static string Of(Document document)
    {
        var content = new JsonObject
        {
            ["schemaVersion"] = document.SchemaVersion,
            ["description"] = document.Description,
            ["parameters"] = new JsonObject(document.Parameters.Select(item => KeyValuePair.Create(item.Name, (JsonNode?)Render(item)))),
        };
        var inputs = new JsonObject(
            document.Parameters.Select(item => KeyValuePair.Create<string, JsonNode?>(item.Name, $"{{{{ {item.Name} }}}}"))
        );
        if (document.SchemaVersion == "1.2")
        {
            content["runtimeConfig"] = new JsonObject
            {
                [document.Steps[0].Action] = new JsonObject { ["properties"] = new JsonArray(inputs) },
            };
        }
        else
        {
            content["mainSteps"] = new JsonArray(
                document
                    .Steps.Select(step =>
                        (JsonNode)
                            new JsonObject
                            {
                                ["name"] = step.Name,
                                ["action"] = step.Action,
                                ["inputs"] = inputs.DeepClone(),
                            }
                    )
                    .ToArray()
            );
        }

        return content.ToJsonString(Indented);
    }

    public static string Hash(Document document) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Of(document))));

    private static JsonObject Render(DocumentParameter parameter)
    {
        var answer = new JsonObject { ["type"] = parameter.Type, ["description"] = parameter.Description };
        if (parameter.Default is { } value)
        {
            answer["default"] = value;
        }

        if (parameter.Pattern is { } pattern)
        {
            answer["allowedPattern"] = pattern;
        }

        if (parameter.Allowed.Count > 0)
        {
            answer["allowedValues"] = new JsonArray(parameter.Allowed.Select(item => (JsonNode)item).ToArray());
        }

        return answer;
    }
}
