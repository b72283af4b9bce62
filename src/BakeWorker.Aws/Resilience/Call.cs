using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace BakeWorker.Aws.Resilience;

/// <summary>Names of an SDK call under way: <c>EC2</c> and <c>RunInstances</c>, or the IAM action <c>ec2:RunInstances</c>.</summary>
internal static class Call
{
    public static string Service(IExecutionContext execution) => execution.RequestContext.ServiceMetaData.ServiceId;

    public static string Method(IExecutionContext execution)
    {
        var name = execution.RequestContext.RequestName;
        return name.EndsWith("Request", StringComparison.Ordinal) ? name[..^"Request".Length] : name;
    }

    public static string Action(IExecutionContext execution) => $"{Service(execution).ToLowerInvariant()}:{Method(execution)}";

    /// <summary>The SDK's own context class: its cancellation token can be replaced for one try.</summary>
    public static RequestContext Context(IExecutionContext execution) => (RequestContext)execution.RequestContext;
}
