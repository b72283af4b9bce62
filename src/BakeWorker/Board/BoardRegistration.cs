using BakeWorker.Board.Cloud;
using BakeWorker.Board.Journal;
using BakeWorker.Board.Live;
using BakeWorker.Core.Pipeline;
using Microsoft.Extensions.DependencyInjection;

namespace BakeWorker.Board;

/// <summary>The parts of the board.</summary>
internal static class BoardRegistration
{
    public static IServiceCollection AddBoard(this IServiceCollection services, WebOptions options) =>
        services
            .AddSingleton(options)
            .AddSingleton<BakeJournal>()
            .AddSingleton<IBakeObserver>(provider => provider.GetRequiredService<BakeJournal>())
            .AddSingleton<RecipeWatch>()
            .AddSingleton<AccountWatch>()
            .AddSingleton<StepReader>()
            .AddSingleton<CallBudgets>()
            .AddSingleton<BoardView>()
            .AddSingleton<LiveUpdates>()
            .AddSingleton<Health>()
            .AddSingleton<BoardRoutes>();
}
