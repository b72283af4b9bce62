namespace BakeWorker.LocalCloud.Ec2;

/// <summary>Why an instance or image is in its state, in EC2's codes.</summary>
internal sealed record StateReason(string Code, string Message)
{
    public static StateReason UserInitiated { get; } =
        new("Client.UserInitiatedShutdown", "Client.UserInitiatedShutdown: User initiated shutdown");

    public static StateReason InstanceInitiated { get; } =
        new("Client.InstanceInitiatedShutdown", "Client.InstanceInitiatedShutdown: Instance initiated shutdown");

    public static StateReason Pending { get; } = new("pending", "pending");

    public static StateReason ServerError { get; } = new("Server.InternalError", "Server.InternalError: Internal error on launch");

    public static StateReason ClientError { get; } = new("Client.InternalError", "Client.InternalError: Client error on launch");

    public static StateReason SpotStop { get; } =
        new("Server.SpotInstanceShutdown", "Server.SpotInstanceShutdown: Spot instance was stopped");

    public static StateReason SpotTermination { get; } =
        new("Server.SpotInstanceTermination", "Server.SpotInstanceTermination: Spot instance termination");

    public static StateReason TerminatedDuringCapture { get; } =
        new("Client.InstanceTerminated", "Client.InstanceTerminated: The instance was terminated or rebooted during AMI creation");

    public static StateReason Of(string code, string message) =>
        new(code, message.StartsWith(code, StringComparison.Ordinal) ? message : $"{code}: {message}");
}
