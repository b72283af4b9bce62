using System.Text.Json.Serialization;

namespace BakeWorker.Board;

/// <summary>How <c>/api</c> writes: the names of results and requests, and nothing found by reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true
)]
[JsonSerializable(typeof(Overview))]
[JsonSerializable(typeof(BakePage))]
[JsonSerializable(typeof(BakeDetail))]
[JsonSerializable(typeof(HealthAnswer))]
[JsonSerializable(typeof(ApiError))]
internal sealed partial class BoardJson : JsonSerializerContext;

/// <summary>What <c>/api</c> says when there is nothing to show.</summary>
public sealed record ApiError(string Error);
