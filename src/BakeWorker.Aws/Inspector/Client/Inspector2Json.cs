using System.Text.Json;
using System.Text.Json.Serialization;
using Amazon.Inspector2.Model;
using Amazon.Runtime;

namespace Amazon.Inspector2.Internal;

/// <summary>Inspector's JSON: lower camel case, absent instead of null, dates as epoch seconds, enumerations as open strings.</summary>
[JsonSerializable(typeof(BatchGetAccountStatusRequest))]
[JsonSerializable(typeof(BatchGetAccountStatusResponse))]
[JsonSerializable(typeof(ListCoverageRequest))]
[JsonSerializable(typeof(ListCoverageResponse))]
[JsonSerializable(typeof(ListFindingsRequest))]
[JsonSerializable(typeof(ListFindingsResponse))]
[JsonSerializable(typeof(StartOnDemandScanRequest))]
[JsonSerializable(typeof(StartOnDemandScanResponse))]
[JsonSerializable(typeof(GetOnDemandScanStatusRequest))]
[JsonSerializable(typeof(GetOnDemandScanStatusResponse))]
[JsonSerializable(typeof(ListOnDemandScansRequest))]
[JsonSerializable(typeof(ListOnDemandScansResponse))]
internal sealed partial class Inspector2Json : JsonSerializerContext
{
    public static Inspector2Json Wire { get; } =
        new(
            new JsonSerializerOptions
            {
                PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
                DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
                NumberHandling = JsonNumberHandling.AllowReadingFromString,
                Converters =
                {
                    new EpochSeconds(),
                    new Word<CoverageStringComparison>(value => new(value)),
                    new Word<StringComparison>(value => new(value)),
                    new Word<CoverageResourceType>(value => new(value)),
                    new Word<ResourceType>(value => new(value)),
                    new Word<ScanType>(value => new(value)),
                    new Word<ScanMode>(value => new(value)),
                    new Word<ScanStatusCode>(value => new(value)),
                    new Word<ScanStatusReason>(value => new(value)),
                    new Word<Severity>(value => new(value)),
                    new Word<FindingStatus>(value => new(value)),
                    new Word<FindingType>(value => new(value)),
                    new Word<FixAvailable>(value => new(value)),
                    new Word<ExploitAvailable>(value => new(value)),
                    new Word<PackageManager>(value => new(value)),
                    new Word<Status>(value => new(value)),
                    new Word<ErrorCode>(value => new(value)),
                },
            }
        );

    private sealed class Word<T>(Func<string, T> make) : JsonConverter<T>
        where T : ConstantClass
    {
        public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetString() is { } value ? make(value) : null;

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
    }

    private sealed class EpochSeconds : JsonConverter<DateTime>
    {
        public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            System.DateTime.UnixEpoch.AddSeconds(reader.GetDouble());

        public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) =>
            writer.WriteNumberValue((long)(value.ToUniversalTime() - System.DateTime.UnixEpoch).TotalSeconds);
    }
}
