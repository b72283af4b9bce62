using BakeWorker.Core.Bakes;

namespace BakeWorker.Commands;

/// <summary>Requests that a person writes on a command line.</summary>
internal static class Requests
{
    /// <summary>A request id for people who give none: each time another bake, sorted by time in every list.</summary>
    public static string NewId(Shell shell) => $"cli-{shell.Time.GetUtcNow():yyyyMMddTHHmmss}-{shell.Random.Next(0x10000):x4}";

    /// <summary>The request as a worker will read it from the queue, or every reason why it would refuse it.</summary>
    public static BakeRequest Check(BakeRequest request) =>
        BakeRequestReader.Read(BakeRequestWriter.Write(request), request.RequestId).Require();
}
