namespace BakeWorker.LocalCloud.Protocols;

/// <summary>An error as AWS would answer it: its code, its sentence, its HTTP status. The protocol renders it.</summary>
public sealed class CloudException(string code, string message, int status = 400) : Exception(message)
{
    public string Code { get; } = code;
    public int Status { get; } = status;

    /// <summary>The refusal of an action that this cloud does not have; each protocol renders it in its own words.</summary>
    public static CloudException UnknownAction(Call call) =>
        new("InvalidAction", $"The action {call.Action} is not valid for this web service.");
}
