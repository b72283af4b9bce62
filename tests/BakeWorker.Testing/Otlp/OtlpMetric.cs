namespace BakeWorker.Testing.Otlp;

/// <summary>The names of the metrics that a collector receives.</summary>
internal static class OtlpMetric
{
    /// <summary>Reads an ExportMetricsServiceRequest.</summary>
    public static IReadOnlyList<string> ReadNames(ReadOnlySpan<byte> request) => OtlpRequest.Read(request, (bytes, _) => ReadName(bytes));

    private static string ReadName(ReadOnlySpan<byte> bytes)
    {
        var name = "";
        for (var reader = new ProtoReader(bytes); reader.Read(); )
        {
            name = reader.Field == 1 ? reader.Text : name;
        }

        return name;
    }
}
