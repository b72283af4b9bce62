namespace BakeWorker.LocalCloud.Faults;

/// <summary>One rule of a plan for the cloud's state: what it strikes, how often, and how.</summary>
internal sealed class StateRule(FaultKind kind, Predicate<FaultSubject> concerns, StateFault fault, int times)
{
    private int _remaining = times;

    public StateFault? Take(FaultKind asked, FaultSubject subject)
    {
        if (asked != kind || _remaining == 0 || !concerns(subject))
        {
            return null;
        }

        _remaining--;
        return fault;
    }
}
