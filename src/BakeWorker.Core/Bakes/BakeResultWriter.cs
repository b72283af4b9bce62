using System.Text.Json;

namespace BakeWorker.Core.Bakes;

/// <summary>Writes results (docs/requests.md): camelCase, outcomes in lower case, nothing for what is not known.</summary>
public static class BakeResultWriter
{
    public static string Write(BakeResult result, bool indented = false) =>
        JsonSerializer.Serialize(result, (indented ? BakeJson.Indented : BakeJson.Compact).BakeResult);
}
