using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Recipes;
using Microsoft.Extensions.DependencyInjection;

namespace BakeWorker.Testing;

/// <summary>A worker of a test: its parts, its line to AWS, and its run from start to stop.</summary>
public sealed class HiredWorker(Line line, ServiceProvider services) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    public Line Line => line;

    public BakeConsumer Consumer => Get<BakeConsumer>();

    public IBakeQueue Queue => Get<IBakeQueue>();

    /// <summary>Calls to EC2, SSM and Inspector: what it did to bakes.</summary>
    public IEnumerable<RecordedCall> Work => line.Calls.Where(call => call.Service != "sqs");

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    /// <summary>One attempt at a bake, without the queue; a transient failure is thrown.</summary>
    public Task<BakeResult> BakeAsync(Recipe recipe, string requestId)
    {
        var bake = Get<BakeIntake>().Create(new BakeRequest { Recipe = recipe.Name, RequestId = requestId }, recipe);
        return Get<BakeRunner>().RunAsync(bake, NoObserver.Instance, true, CancellationToken.None);
    }

    /// <summary>Takes requests until <see cref="Stop"/>; the task ends when everything in work is handed over.</summary>
    public Task RunAsync() => Consumer.RunAsync(_stop.Token);

    /// <summary>What SIGTERM does.</summary>
    public void Stop() => _stop.Cancel();

    public void Dispose()
    {
        services.Dispose();
        _stop.Dispose();
    }
}
