using BakeWorker.Settings;
using Microsoft.AspNetCore.Http;

namespace BakeWorker.Board;

/// <summary>What the settings of the board must satisfy.</summary>
internal static class BoardRules
{
    public static IEnumerable<string> Check(WebOptions options)
    {
        if (options.Listen is { Length: > 0 } listen && !IsAddress(listen))
        {
            yield return Broken(
                "Listen",
                listen,
                "write an address such as http://127.0.0.1:8080 or http://*:8080, or nothing for no board"
            );
        }

        if (options.TraceUrl.Length > 0 && !IsTemplate(options.TraceUrl))
        {
            yield return Broken("TraceUrl", options.TraceUrl, "write an http or https address with {traceId} where the trace's id belongs");
        }

        foreach (var host in options.Hosts.Where(host => Uri.CheckHostName(host) == UriHostNameType.Unknown))
        {
            yield return Broken("Hosts", host, "write names without scheme and port, such as bakes.example.com");
        }
    }

    private static bool IsAddress(string listen)
    {
        try
        {
            return BindingAddress.Parse(listen)
                is { Scheme: "http", PathBase: "", IsUnixPipe: false, IsNamedPipe: false, Port: <= ushort.MaxValue };
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static bool IsTemplate(string template) =>
        template.Contains("{traceId}", StringComparison.Ordinal)
        && Uri.TryCreate(template.Replace("{traceId}", "0"), UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);

    private static string Broken(string name, string value, string why) => $"{WorkerSettings.Section}:Web:{name} is {value}: {why}.";
}
