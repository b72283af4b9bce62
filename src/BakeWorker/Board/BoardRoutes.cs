using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using BakeWorker.Board.Live;
using BakeWorker.Board.Pages;
using BakeWorker.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Board;

/// <summary>The addresses of the board: pages, the same as JSON under <c>/api</c>, health and metrics.</summary>
internal sealed class BoardRoutes(
    WebOptions options,
    BoardView view,
    LiveUpdates live,
    Health health,
    Scraping scraping,
    TimeProvider time,
    ILogger<BoardRoutes> logger
)
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    public void Map(WebApplication app)
    {
        ReadOnly.Install(app, options);
        app.UseRouting();
        Get(app, "/", async (_, ct) => OverviewPage.Of(await FrameAsync(ct), await ActiveAsync(ct), await RecentAsync(ct)));
        Get(app, "/bakes", async (context, ct) => await ListAsync(BakeFilter.From(context.Request.Query), ct));
        Get(app, "/bakes/{id}", BakeAsync);
        Map(app, "/bakes/{id}/exhibits/{index:int}", context => ExhibitAnswer.WriteAsync(context, view, Id(context)));
        Map(app, "/assets/{name}", Assets.WriteAsync);

        Map(
            app,
            "/api/overview",
            async context => await WriteAsync(context, await view.OverviewAsync(context.RequestAborted), BoardJson.Default.Overview)
        );
        Map(
            app,
            "/api/bakes",
            async context =>
                await WriteAsync(
                    context,
                    await view.ListAsync(BakeFilter.From(context.Request.Query), context.RequestAborted),
                    BoardJson.Default.BakePage
                )
        );
        Map(app, "/api/bakes/{id}", DetailAsync);
        Map(app, "/api/events", context => live.ServeAsync(context, app.Lifetime.ApplicationStopping));

        Map(app, "/health/live", context => WriteAsync(context, health.Live()));
        Map(app, "/health/ready", context => WriteAsync(context, health.Ready()));
        if (scraping.Metrics is { } metrics)
        {
            app.UseOpenTelemetryPrometheusScrapingEndpoint(
                metrics,
                predicate: null,
                path: "/metrics",
                configureBranchedPipeline: null,
                optionsName: null
            );
        }

        Map(app, "/api/{**rest}", context => NothingAsync(context, "there is nothing by that address; docs/board.md lists what there is."));
        Get(app, "/{**rest}", async (context, ct) => Missing(context, await FrameAsync(ct), "There is no such page."));
    }

    private void Get(WebApplication app, string path, Func<HttpContext, CancellationToken, Task<Html>> page) =>
        Map(
            app,
            path,
            async context =>
            {
                var html = await page(context, context.RequestAborted);
                context.Response.ContentType = "text/html; charset=utf-8";
                await context.Response.WriteAsync(html.ToString(), context.RequestAborted);
            }
        );

    private void Map(WebApplication app, string path, RequestDelegate answer) =>
        app.MapMethods(path, Reading, context => GuardAsync(context, answer));

    // A defect in one page is not the worker's end, and its text not for everybody.
    private async Task GuardAsync(HttpContext context, RequestDelegate answer)
    {
        try
        {
            await answer(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            context.Abort();
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            Log.PageBroke(logger, context.Request.Path, exception);
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            await context.Response.WriteAsync("This page could not be made; the worker's log says why.\n", context.RequestAborted);
        }
    }

    private async Task<Frame> FrameAsync(CancellationToken ct) => new(await view.OverviewAsync(ct), time.GetUtcNow());

    private Task<BakePage> ActiveAsync(CancellationToken ct) => view.ListAsync(new BakeFilter { State = "active" }, ct);

    private Task<BakePage> RecentAsync(CancellationToken ct) => view.ListAsync(new BakeFilter { State = "ended", Size = 20 }, ct);

    private async Task<Html> ListAsync(BakeFilter filter, CancellationToken ct) =>
        ListPage.Of(await FrameAsync(ct), filter, await view.ListAsync(filter, ct));

    private async Task<Html> BakeAsync(HttpContext context, CancellationToken ct) =>
        await view.DetailAsync(Id(context), ct) is { } detail
            ? BakePageHtml.Of(await FrameAsync(ct), detail)
            : Missing(context, await FrameAsync(ct), "No bake of that id is known here.");

    private static Html Missing(HttpContext context, Frame frame, string why)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Layout.Of(frame, "Not found", Html.Of($"<h1>Not found</h1><p>{why}</p>"));
    }

    private async Task DetailAsync(HttpContext context)
    {
        if (await view.DetailAsync(Id(context), context.RequestAborted) is { } detail)
        {
            await WriteAsync(context, detail, BoardJson.Default.BakeDetail);
        }
        else
        {
            await NothingAsync(context, "no bake of that id is known here.");
        }
    }

    private static Task NothingAsync(HttpContext context, string why)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return WriteAsync(context, new ApiError(why), BoardJson.Default.ApiError);
    }

    private static Task WriteAsync(HttpContext context, HealthAnswer answer)
    {
        context.Response.StatusCode = answer.Reason is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return WriteAsync(context, answer, BoardJson.Default.HealthAnswer);
    }

    private static async Task WriteAsync<T>(HttpContext context, T answer, JsonTypeInfo<T> type)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        await JsonSerializer.SerializeAsync(context.Response.Body, answer, type, context.RequestAborted);
    }

    private static string Id(HttpContext context) => context.GetRouteValue("id") as string ?? "";
}
