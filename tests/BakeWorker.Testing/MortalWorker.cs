using BakeWorker.Core.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using LocalAccount = BakeWorker.LocalCloud.LocalCloud;

namespace BakeWorker.Testing;

/// <summary>A worker as a process of its own: its services and memory are its own, and it can die at any of its calls.</summary>
public sealed class MortalWorker : IDisposable
{
    private readonly ServiceProvider _services;

    public MortalWorker(
        LocalAccount cloud,
        TimeProvider time,
        Action<BakeryOptions>? configure = null,
        Action<IServiceCollection>? register = null
    )
    {
        Life = new ProcessLife(time);
        Calls = new RecordedCalls(Life.Carry(cloud.CreateHandler()), time);
        _services = WorkerServices.Build("test-worker", Life.Time, Calls, Log, new MemoryProofs(), configure, register);
    }

    public ProcessLife Life { get; }
    public RecordedCalls Calls { get; }
    public RecordedLog Log { get; } = new();

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public void Dispose()
    {
        _services.Dispose();
        Life.Dispose();
    }
}
