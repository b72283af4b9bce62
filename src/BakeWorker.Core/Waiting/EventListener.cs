using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Telemetry;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Core.Waiting;

/// <summary>Where EventBridge delivers events; null for nowhere: reading alone is enough.</summary>
public sealed record EventsQueue(string? Name);

/// <summary>
/// Looks at once at what an event says has changed. Events spare waiting, never reading: a lost, late or forged one changes nothing but
/// when a bake goes on.
/// </summary>
public sealed class EventListener(
    EventsQueue events,
    IQueues queues,
    ICloud cloud,
    Watchers watchers,
    BakeMetrics metrics,
    TimeProvider time,
    ILogger<EventListener> logger
)
{
    private static readonly TimeSpan Visibility = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(30);

    /// <summary>Listens until stopped; returns at once where there is no queue.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        while (events.Name is { Length: > 0 } queue && !ct.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(queue, ct);
            }
            catch (BakeFailedException failure)
            {
                Log.EventsUnheard(logger, queue, failure.Message);
                await Task.Delay(AfterTrouble, time, ct);
            }
        }
    }

    /// <summary>One receive.</summary>
    public async Task ListenAsync(string queue, CancellationToken ct)
    {
        foreach (var message in await queues.ReceiveAsync(queue, Visibility, ct))
        {
            var heard = CloudEvent.Parse(message.Body);
            var isOurs = heard is not null && heard.Account == await cloud.FindAccountAsync(ct);
            var isAwaited = isOurs && watchers.Find(heard!.Region) is { } region && Wake(region, heard);
            metrics.Heard(
                isAwaited ? "awaited"
                : isOurs ? "not awaited"
                : "ignored"
            );
            if (!isOurs)
            {
                Log.EventIgnored(logger, message.MessageId);
            }

            await queues.RemoveMessageAsync(queue, message, ct);
        }
    }

    private static bool Wake(RegionWatchers region, CloudEvent heard) =>
        heard.Subject switch
        {
            EventSubject.Instance => region.Launches.Wake(id => id.Value == heard.Id)
                | region.Instances.Wake(id => id.Value == heard.Id)
                | region.Liveness.Wake(id => id.Value == heard.Id),
            EventSubject.Command => region.Commands.Wake(key => key.CommandId == heard.Id),
            EventSubject.Image => region.Images.Wake(id => id.Value == heard.Id),
            _ => region.Coverage.Wake(id => id.Value == heard.Id) | region.ImageScans.Wake(key => key.Image.Value == heard.Id),
        };
}
