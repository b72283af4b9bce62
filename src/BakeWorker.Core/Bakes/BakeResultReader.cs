using System.Text.Json;

namespace BakeWorker.Core.Bakes;

/// <summary>Reads results that a worker of this or a later version wrote.</summary>
public static class BakeResultReader
{
    /// <summary>Null when the text is no result; fields this version does not know are left out.</summary>
    public static BakeResult? Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, BakeJson.Compact.BakeResult);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
