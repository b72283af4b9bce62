namespace BakeWorker.LocalCloud.Faults;

/// <summary>Faults drawn from a seed: the same seed and the same calls in the same order have the same faults.</summary>
public sealed class FaultMix(int seed, FaultRates rates) : IFaultSource
{
    private readonly Lock _gate = new();
    private readonly Random _random = new(seed);

    /// <summary>Calls that nothing happens to, such as those of a test that looks on.</summary>
    public Predicate<Operation> Spares { get; init; } = _ => false;

    CallFault? IFaultSource.FindFault(Operation operation)
    {
        if (Spares(operation))
        {
            return null;
        }

        lock (_gate)
        {
            // One draw a call, laid along the rates: at most one fault strikes it.
            var drawn = _random.NextDouble();
            foreach (var (rate, fault) in CallFaults())
            {
                if (drawn < rate)
                {
                    return fault.Kind == FaultKind.Slow ? fault with { Delay = rates.Slowest * _random.NextDouble() } : fault;
                }

                drawn -= rate;
            }

            return null;
        }
    }

    private IEnumerable<(double Rate, CallFault Fault)> CallFaults() =>
        [
            (rates.Throttled, new(FaultKind.Throttled)),
            (rates.InternalError, new(FaultKind.InternalError)),
            (rates.InternalErrorAfterEffect, new(FaultKind.InternalError, Moment.AfterEffect)),
            (rates.Unavailable, new(FaultKind.Unavailable)),
            (rates.Dropped, new(FaultKind.Dropped)),
            (rates.DroppedAfterEffect, new(FaultKind.Dropped, Moment.AfterEffect)),
            (rates.Slow, new(FaultKind.Slow)),
            (rates.SlowAfterEffect, new(FaultKind.Slow, Moment.AfterEffect)),
        ];
}
