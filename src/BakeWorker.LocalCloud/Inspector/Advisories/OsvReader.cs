using System.Text.Json;
using System.Text.Json.Nodes;

namespace BakeWorker.LocalCloud.Inspector.Advisories;

/// <summary>Reads advisories in OSV format: one JSON file, a JSON-lines file, or a folder of either.</summary>
public static class OsvReader
{
    /// <summary>Throws <see cref="InvalidDataException"/> that names the file and what is wrong with it.</summary>
    public static IReadOnlyList<Advisory> ReadPath(string path)
    {
        var files = Directory.Exists(path)
            ? Directory.EnumerateFiles(path, "*.json*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            : (IEnumerable<string>)[path];
        var read = files.Select(file => ReadText(File.ReadAllText(file), file).ToList()).ToList();
        // A folder of something else must not pass for a world without vulnerabilities.
        return read.Count > 0
            ? [.. read.SelectMany(found => found)]
            : throw new InvalidDataException($"{path} holds no .json or .jsonl file.");
    }

    public static IEnumerable<Advisory> ReadText(string text, string name)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new InvalidDataException($"{name} is empty.");
        }

        try
        {
            return Documents(text).OfType<JsonObject>().Where(entry => entry["withdrawn"] is null).SelectMany(OsvEntry.Read).ToList();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"{name} is not an advisory file in OSV format: {e.Message}", e);
        }
    }

    /// <summary>The sample set in this assembly: hand-picked, for trying things out; no substitute for a vulnerability database.</summary>
    public static IReadOnlyList<Advisory> ReadBundled()
    {
        const string Name = "BakeWorker.LocalCloud.Inspector.Advisories.sample.jsonl";
        using var stream = typeof(OsvReader).Assembly.GetManifestResourceStream(Name)!;
        using var reader = new StreamReader(stream);
        return ReadText(reader.ReadToEnd(), Name).ToList();
    }

    private static IEnumerable<JsonNode?> Documents(string text)
    {
        var isWhole = true;
        JsonNode? whole = null;
        try
        {
            whole = JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            isWhole = false;
        }

        return isWhole
            ? whole as JsonArray ?? [whole]
            : text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(line => JsonNode.Parse(line));
    }
}
