using System.Globalization;
using BakeWorker.Core.Bakes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace BakeWorker.Board;

/// <summary>Hands out pictures among the evidence of a failure, and only those: nothing else may get a type of its own.</summary>
internal static class ExhibitAnswer
{
    public static bool IsPicture(Exhibit exhibit) => exhibit.MediaType is "image/jpeg" or "image/png";

    public static async Task WriteAsync(HttpContext context, BoardView view, string bakeId)
    {
        var index = int.TryParse(context.GetRouteValue("index") as string, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            ? at
            : -1;
        if (view.FindResult(bakeId)?.Failure?.Exhibits?.ElementAtOrDefault(index) is { Base64: { } base64 } exhibit && IsPicture(exhibit))
        {
            context.Response.ContentType = exhibit.MediaType;
            await context.Response.Body.WriteAsync(Convert.FromBase64String(base64), context.RequestAborted);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
    }
}
