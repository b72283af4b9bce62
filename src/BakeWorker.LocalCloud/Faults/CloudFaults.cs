using System.Collections.Concurrent;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Faults;

/// <summary>
/// What goes wrong in this cloud: the one way that every call takes into it, the sources that say what happens to it there, and the list of
/// all that happened. A fault only ever does what AWS may do.
/// </summary>
public sealed class CloudFaults(TimeProvider time)
{
    private readonly ConcurrentQueue<InjectedFault> _injected = new();
    private readonly ReadMemory _reads = new();
    private TimeSpan _drawnSkew;
    private long _calls;

    /// <summary>Faults that were asked for. The plan comes before the mix.</summary>
    public FaultPlan Plan { get; } = new();

    /// <summary>Faults by seed; null for none. A clock that is off stays off when the mix is taken away.</summary>
    public FaultMix? Mix
    {
        get;
        set
        {
            field = value;
            _drawnSkew = value?.ClockSkew ?? _drawnSkew;
        }
    }

    /// <summary>Sees every call; null for nobody.</summary>
    public IOperationObserver? Observer { get; set; }

    /// <summary>Every fault so far, in order.</summary>
    public IReadOnlyCollection<InjectedFault> Injected => _injected;

    /// <summary>How many calls came in so far.</summary>
    public long Calls => Interlocked.Read(ref _calls);

    /// <summary>What the cloud's clock shows beyond the true time.</summary>
    public TimeSpan ClockSkew => Plan.ClockSkew + _drawnSkew;

    private IEnumerable<IFaultSource> Sources => Mix is { } mix ? [Plan, mix] : [Plan];

    /// <summary>How a fault of this kind strikes this, which is then listed; null when it does not.</summary>
    internal StateFault? Find(FaultKind kind, FaultSubject subject)
    {
        var fault = Sources.Select(source => source.FindFault(kind, subject)).FirstOrDefault(found => found is not null);
        if (fault is not null)
        {
            Record(kind, subject.Region, $"{subject.Type} {subject.Name}");
        }

        return fault;
    }

    /// <summary>How long something just made is not shown.</summary>
    internal TimeSpan Hiding(FaultSubject made) => Find(FaultKind.Hidden, made)?.For ?? TimeSpan.Zero;

    /// <summary>Carries a call to its service, through the fault that is meant for it.</summary>
    internal async ValueTask<WireResponse> PassAsync(
        Call call,
        WireRequest request,
        Func<ValueTask<WireResponse>> effect,
        CancellationToken ct
    )
    {
        var operation = new Operation(Interlocked.Increment(ref _calls), time.GetUtcNow(), call.Service, call.Region, call.Action)
        {
            Caller = call.AccessKeyId,
        };
        var fault = Sources.Select(source => source.FindFault(operation)).FirstOrDefault(found => found is not null);
        Observer?.Before(operation);
        if (fault is { Kind: FaultKind.StaleRead })
        {
            return Repeat(operation, fault, request) ?? await ReachAsync(operation, fault, request, effect);
        }

        if (fault is { Moment: Moment.BeforeEffect })
        {
            await PreventAsync(operation, fault, ct);
        }

        var answer = await ReachAsync(operation, fault, request, effect);
        if (fault is { Moment: Moment.AfterEffect })
        {
            await StrikeAsync(operation, fault, ct);
        }

        return answer;
    }

    private void Record(FaultKind kind, string region, string subject) =>
        _injected.Enqueue(new InjectedFault(time.GetUtcNow(), kind, region, subject));

    private async ValueTask PreventAsync(Operation operation, CallFault fault, CancellationToken ct)
    {
        try
        {
            await StrikeAsync(operation, fault, ct);
        }
        catch
        {
            Observer?.After(operation, new OperationEnd { WasReached = false, Fault = fault });
            throw;
        }
    }

    private WireResponse? Repeat(Operation operation, CallFault fault, WireRequest request)
    {
        if (ReadMemory.KeyOf(operation, request) is not { } key || _reads.Find(key, operation.At - fault.Delay) is not { } earlier)
        {
            return null;
        }

        Record(fault.Kind, operation.Region, $"{operation.Service}:{operation.Action}");
        Observer?.After(operation, new OperationEnd { WasReached = false, Fault = fault });
        return earlier;
    }

    private async ValueTask<WireResponse> ReachAsync(
        Operation operation,
        CallFault? fault,
        WireRequest request,
        Func<ValueTask<WireResponse>> effect
    )
    {
        string? error = "InternalFailure";
        try
        {
            var answer = await effect();
            error = null;
            if (Sources.Any(source => source.HasStaleReads) && ReadMemory.KeyOf(operation, request) is { } key)
            {
                _reads.Keep(key, operation.At, answer);
            }

            return answer;
        }
        catch (CloudException refusal)
        {
            error = refusal.Code;
            throw;
        }
        finally
        {
            Observer?.After(
                operation,
                new OperationEnd
                {
                    WasReached = true,
                    ErrorCode = error,
                    Fault = fault,
                }
            );
        }
    }

    private Task StrikeAsync(Operation operation, CallFault fault, CancellationToken ct)
    {
        var name = $"{operation.Service}:{operation.Action}";
        Record(fault.Kind, operation.Region, fault.Moment == Moment.AfterEffect ? $"{name} after its effect" : name);
        return fault.Kind switch
        {
            FaultKind.Slow => Task.Delay(fault.Delay, time, ct),
            FaultKind.Dropped => throw new ConnectionDroppedException(name),
            _ => throw fault.Error(operation.Service)!,
        };
    }
}
