using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace BakeWorker.Board;

/// <summary>Style, script and icon, as they lie in the program.</summary>
internal static class Assets
{
    private static readonly Dictionary<string, string> Types = new()
    {
        ["board.css"] = "text/css; charset=utf-8",
        ["board.js"] = "text/javascript; charset=utf-8",
        ["favicon.svg"] = "image/svg+xml",
    };

    public static async Task WriteAsync(HttpContext context)
    {
        var name = context.GetRouteValue("name") as string ?? "";
        if (!Types.TryGetValue(name, out var type))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        await using var asset = typeof(Assets).Assembly.GetManifestResourceStream($"board/{name}")!;
        context.Response.ContentType = type;
        context.Response.ContentLength = asset.Length;
        await asset.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
