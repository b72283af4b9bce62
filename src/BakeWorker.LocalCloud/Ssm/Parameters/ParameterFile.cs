using System.Text.Json;
using System.Text.Json.Nodes;

namespace BakeWorker.LocalCloud.Ssm.Parameters;

/// <summary>
/// Keeps the latest version of a Region's parameters under the data folder, so that a pointer survives a restart like the image it
/// points at. Secure strings are never written.
/// </summary>
internal sealed class ParameterFile(string? dataFolder, TimeProvider time)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public IReadOnlyList<Parameter> Load(string region)
    {
        if (Path(region) is not { } path || !File.Exists(path))
        {
            return [];
        }

        try
        {
            return (JsonNode.Parse(File.ReadAllText(path)) as JsonArray ?? []).OfType<JsonObject>().Select(Read).ToList();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or NullReferenceException)
        {
            throw new InvalidDataException(
                $"{path} does not hold the parameters LocalCloud once wrote to it ({e.Message}); remove it to start without.",
                e
            );
        }
    }

    public void Save(string region, IEnumerable<Parameter> parameters)
    {
        if (Path(region) is not { } path)
        {
            return;
        }

        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        var kept = parameters
            .Where(parameter => parameter.Type != "SecureString")
            .OrderBy(parameter => parameter.Name, StringComparer.Ordinal);
        var draft = path + ".new";
        File.WriteAllText(draft, new JsonArray(kept.Select(Write).ToArray()).ToJsonString(Indented));
        // Readers see the old file or the new one, never half of one.
        File.Move(draft, path, overwrite: true);
    }

    private string? Path(string region) => dataFolder is null ? null : System.IO.Path.Combine(dataFolder, "parameters", region + ".json");

    private Parameter Read(JsonObject item)
    {
        string Text(string name) => item[name]?.GetValue<string>() ?? throw new FormatException($"an entry has no {name}");
        var parameter = new Parameter(Text("name"), Text("type"));
        parameter.Versions.Add(
            new ParameterVersion(
                item["version"]?.GetValue<long>() ?? 1,
                Text("value"),
                Text("dataType"),
                "Standard",
                item["modifiedAt"]?.GetValue<DateTimeOffset>() ?? time.GetUtcNow()
            )
        );
        return parameter;
    }

    private static JsonNode Write(Parameter parameter) =>
        new JsonObject
        {
            ["name"] = parameter.Name,
            ["type"] = parameter.Type,
            ["dataType"] = parameter.Latest.DataType,
            ["value"] = parameter.Latest.Value,
            ["version"] = parameter.Latest.Version,
            ["modifiedAt"] = parameter.Latest.ModifiedAt,
        };
}
