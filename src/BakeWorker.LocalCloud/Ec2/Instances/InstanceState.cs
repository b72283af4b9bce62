namespace BakeWorker.LocalCloud.Ec2.Instances;

/// <summary>EC2's instance states with their codes.</summary>
internal enum InstanceState
{
    Pending = 0,
    Running = 16,
    ShuttingDown = 32,
    Terminated = 48,
    Stopping = 64,
    Stopped = 80,
}

internal static class InstanceStateWords
{
    public static string Word(this InstanceState state) =>
        state switch
        {
            InstanceState.Pending => "pending",
            InstanceState.Running => "running",
            InstanceState.ShuttingDown => "shutting-down",
            InstanceState.Terminated => "terminated",
            InstanceState.Stopping => "stopping",
            _ => "stopped",
        };
}
