using BakeWorker.Simulation.Invariants;
using BakeWorker.Simulation.Schedules;
using BakeWorker.Testing;

namespace BakeWorker.Simulation.Workers;

/// <summary>The network of one worker process: where its troubles strike, because only calls change anything.</summary>
internal sealed class Wire(
    HttpMessageHandler cloud,
    WorkerClock clock,
    Allowance allowance,
    Func<Trouble?> nextTrouble,
    Action<Trouble> strike
) : DelegatingHandler(cloud)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        allowance.Spend(request.RequestUri!.Host, await RecordedCalls.ActionAsync(request, cancellationToken));
        await clock.PassAsync();
        var trouble = nextTrouble();
        if (trouble is { AfterEffect: false })
        {
            strike(trouble);
            await clock.PassAsync();
        }

        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        finally
        {
            if (trouble is { AfterEffect: true })
            {
                strike(trouble);
            }

            await clock.PassAsync();
        }
    }
}
