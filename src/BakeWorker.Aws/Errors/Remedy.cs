namespace BakeWorker.Aws.Errors;

/// <summary>What helps against an AWS error.</summary>
internal enum Remedy
{
    /// <summary>The same call again, a little later: throttling and broken servers.</summary>
    Retry,

    /// <summary>Another pool of the capacity ladder.</summary>
    NextRung,

    /// <summary>Another attempt at the bake, minutes later: a state that is on its way, something not visible yet.</summary>
    Wait,

    /// <summary>A person: permissions, quotas, account settings.</summary>
    Operator,

    /// <summary>Nothing: the call itself is wrong.</summary>
    Final,
}

/// <summary>An AWS error that we understand. <paramref name="Advice"/> ends the sentence "… failed: …; ".</summary>
internal sealed record AwsError(Remedy Remedy, string FailureCode, string Advice)
{
    public bool IsThrottle => FailureCode == Core.Bakes.FailureCodes.AwsThrottled;
}
