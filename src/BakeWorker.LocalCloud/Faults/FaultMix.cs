namespace BakeWorker.LocalCloud.Faults;

/// <summary>Faults drawn from a seed: the same seed and the same calls in the same order have the same faults.</summary>
public sealed class FaultMix : IFaultSource
{
    private static readonly string[] Refusals = ["InsufficientInstanceCapacity", "Unsupported", "InsufficientFreeAddressesInSubnet"];
    private static readonly string[] Deaths = ["Server.InsufficientInstanceCapacity", "Server.InternalError", "Client.InternalError"];

    private readonly Lock _gate = new();
    private readonly FaultRates _rates;
    private readonly Random _random;
    private readonly (double Rate, CallFault Fault)[] _calls;

    public FaultMix(int seed, FaultRates rates)
    {
        (_rates, _random) = (rates, new Random(seed));
        ClockSkew = rates.ClockSkew == TimeSpan.Zero ? TimeSpan.Zero : rates.ClockSkew * ((2 * _random.NextDouble()) - 1);
        _calls =
        [
            (rates.Throttled, new(FaultKind.Throttled)),
            (rates.InternalError, new(FaultKind.InternalError)),
            (rates.InternalErrorAfterEffect, new(FaultKind.InternalError, Moment.AfterEffect)),
            (rates.Unavailable, new(FaultKind.Unavailable)),
            (rates.Dropped, new(FaultKind.Dropped)),
            (rates.DroppedAfterEffect, new(FaultKind.Dropped, Moment.AfterEffect)),
            (rates.Slow, new(FaultKind.Slow)),
            (rates.SlowAfterEffect, new(FaultKind.Slow, Moment.AfterEffect)),
            (rates.StaleRead, new(FaultKind.StaleRead)),
        ];
    }

    /// <summary>Calls that nothing happens to, such as those of a test that looks on.</summary>
    public Predicate<Operation> Spares { get; init; } = _ => false;

    /// <summary>What the cloud's clock shows beyond the true time.</summary>
    public TimeSpan ClockSkew { get; }

    bool IFaultSource.HasStaleReads => _rates.StaleRead > 0;

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
            foreach (var (rate, fault) in _calls)
            {
                if (drawn < rate)
                {
                    return fault with { Delay = Delay(fault.Kind) };
                }

                drawn -= rate;
            }

            return null;
        }
    }

    StateFault? IFaultSource.FindFault(FaultKind kind, FaultSubject subject)
    {
        lock (_gate)
        {
            return _rates.Of(kind) is > 0 and var rate && _random.NextDouble() < rate ? Draw(kind) : null;
        }
    }

    private TimeSpan Delay(FaultKind kind) =>
        kind switch
        {
            FaultKind.Slow => Share(_rates.Slowest),
            FaultKind.StaleRead => Share(_rates.LongestLag),
            _ => TimeSpan.Zero,
        };

    private StateFault Draw(FaultKind kind) =>
        kind switch
        {
            FaultKind.Hidden => new() { For = Share(_rates.LongestLag) },
            FaultKind.CapacityRefused => new() { Code = One(Refusals) },
            FaultKind.LaunchDied => new() { Code = One(Deaths) },
            FaultKind.SpotInterrupted => new() { After = Share(TimeSpan.FromMinutes(10)) },
            FaultKind.ImageFailed => new() { Code = "Server.InternalError" },
            FaultKind.ImageStuck => new() { For = Share(TimeSpan.FromMinutes(60)) },
            FaultKind.AgentLost => new() { After = Share(TimeSpan.FromMinutes(5)), For = Share(TimeSpan.FromMinutes(8)) },
            FaultKind.VisibilityExpiredEarly => new() { After = Share(TimeSpan.FromSeconds(60)) },
            _ => new(),
        };

    private TimeSpan Share(TimeSpan longest) => longest * _random.NextDouble();

    private string One(string[] choices) => choices[_random.Next(choices.Length)];
}
