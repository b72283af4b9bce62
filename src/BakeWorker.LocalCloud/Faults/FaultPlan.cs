namespace BakeWorker.LocalCloud.Faults;

/// <summary>Faults that somebody asked for, one rule at a time; of the rules that fit, the first one that still has to strike is taken.</summary>
public sealed class FaultPlan : IFaultSource
{
    private readonly Lock _gate = new();
    private readonly List<CallRule> _calls = [];

    /// <summary>A rule for calls by service (<c>ec2</c>, <c>ssm</c>, <c>sqs</c>, <c>inspector2</c>, <c>sts</c>) and action; <c>*</c> and <c>?</c> match anything.</summary>
    public CallRule Calls(string service = "*", string action = "*")
    {
        var rule = new CallRule(service, action);
        lock (_gate)
        {
            _calls.Add(rule);
        }

        return rule;
    }

    CallFault? IFaultSource.FindFault(Operation operation)
    {
        lock (_gate)
        {
            // Every rule counts every call that fits it, whichever of them strikes.
            var struck = _calls.Where(rule => rule.IsHit(operation)).ToList();
            return struck.FirstOrDefault()?.Take();
        }
    }
}
