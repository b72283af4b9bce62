namespace BakeWorker.LocalCloud.Faults;

/// <summary>One rule of a plan: which calls, from the how-manieth on, how often, and what happens to them. Without an effect named it does nothing.</summary>
public sealed class CallRule(string service, string action)
{
    private int _first = 1;
    private int _remaining = 1;
    private int _seen;
    private string _region = "*";
    private CallFault? _fault;

    /// <summary>Only in these Regions.</summary>
    public CallRule In(string region)
    {
        _region = region;
        return this;
    }

    /// <summary>Strikes the n-th call that fits, counted from 1 since the rule was made.</summary>
    public CallRule Nth(int n)
    {
        _first = n;
        return this;
    }

    /// <summary>Strikes this many calls one after the other; once when nothing is said.</summary>
    public CallRule Times(int times)
    {
        _remaining = times;
        return this;
    }

    /// <summary>Strikes every call from here on.</summary>
    public CallRule Always() => Times(int.MaxValue);

    /// <summary>Refused for its rate, in the service's own words.</summary>
    public void Throttled() => _fault = new(FaultKind.Throttled);

    /// <summary>HTTP 500.</summary>
    public void Fails(Moment moment = Moment.BeforeEffect) => _fault = new(FaultKind.InternalError, moment);

    /// <summary>HTTP 503.</summary>
    public void Unavailable(Moment moment = Moment.BeforeEffect) => _fault = new(FaultKind.Unavailable, moment);

    /// <summary>The connection ends without an answer.</summary>
    public void Drops(Moment moment = Moment.BeforeEffect) => _fault = new(FaultKind.Dropped, moment);

    /// <summary>Answered late, on the cloud's clock.</summary>
    public void Lags(TimeSpan delay, Moment moment = Moment.BeforeEffect) => _fault = new(FaultKind.Slow, moment) { Delay = delay };

    /// <summary>A read answers what the same read answered up to this long ago; one that was never made before is answered as ever.</summary>
    public void IsStaleBy(TimeSpan age) => _fault = new(FaultKind.StaleRead) { Delay = age };

    internal bool IsStale => _fault is { Kind: FaultKind.StaleRead };

    internal bool IsHit(Operation operation) =>
        Pool.Matches(service, operation.Service)
        && Pool.Matches(action, operation.Action)
        && Pool.Matches(_region, operation.Region)
        && ++_seen >= _first
        && _remaining > 0
        && _fault is not null;

    internal CallFault? Take()
    {
        _remaining--;
        return _fault;
    }
}
