using System.Text.Json;

namespace BakeWorker.Core.Bakes;

/// <summary>Writes requests as <see cref="BakeRequestReader"/> reads them.</summary>
public static class BakeRequestWriter
{
    public static string Write(BakeRequest request) => JsonSerializer.Serialize(request, BakeJson.Compact.BakeRequest);
}
