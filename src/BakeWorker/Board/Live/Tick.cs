using System.Text.Json.Serialization;

namespace BakeWorker.Board.Live;

/// <summary>What an event says: that there is something new, and the two figures that fit a window's title.</summary>
public sealed record Tick(long Version, DateTimeOffset Now, int Active, int? Waiting);

/// <summary>Events are one line each.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Tick))]
internal sealed partial class LiveJson : JsonSerializerContext;
