using BakeWorker.Core.Scheduling;
using BakeWorker.Core.Telemetry;
using BakeWorker.Core.Waiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Hosting;

/// <summary>Everything that a worker does beside its bakes.</summary>
internal static class Sidelines
{
    private static readonly TimeSpan Spread = TimeSpan.FromMinutes(1);

    public static IServiceCollection AddSidelines(this IServiceCollection services) =>
        services
            .AddSingleton<SweepLoop>()
            .AddSideline<EventListener>("listening for events", (_, events, ct) => events.RunAsync(ct))
            .AddSideline<SweepLoop>("sweeping", (_, sweeps, ct) => sweeps.RunAsync(ct))
            .AddSideline<Scheduler>("keeping schedules", (provider, schedules, ct) => ApartAsync(provider, schedules.RunAsync, ct))
            .AddSideline<BaseWatch>("watching bases", (provider, bases, ct) => ApartAsync(provider, bases.RunAsync, ct))
            .AddSideline<Figures>("reading figures", (_, figures, ct) => figures.RunAsync(ct));

    private static IServiceCollection AddSideline<T>(
        this IServiceCollection services,
        string name,
        Func<IServiceProvider, T, CancellationToken, Task> work
    )
        where T : notnull =>
        services.AddSingleton<IHostedService>(provider => new Sideline(
            name,
            ct => work(provider, provider.GetRequiredService<T>(), ct),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Sideline>>()
        ));

    // Workers that were started together do not look together.
    private static async Task ApartAsync(IServiceProvider provider, Func<CancellationToken, Task> work, CancellationToken ct)
    {
        var apart = Spread * provider.GetRequiredService<Random>().NextDouble();
        await Task.Delay(apart, provider.GetRequiredService<TimeProvider>(), ct);
        await work(ct);
    }
}
