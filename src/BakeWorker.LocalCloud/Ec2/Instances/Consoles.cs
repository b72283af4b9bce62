using System.Text;
using System.Xml.Linq;
using BakeWorker.LocalCloud.Protocols;
using static BakeWorker.LocalCloud.Ec2.Requests.Answer;

namespace BakeWorker.LocalCloud.Ec2.Instances;

/// <summary>GetConsoleOutput and GetConsoleScreenshot: both ask the guest, outside the gate.</summary>
internal static class Consoles
{
    private const int MaxBytes = 64 * 1024;

    /// <summary>The last 64 KiB of the console.</summary>
    public static async ValueTask<IEnumerable<XElement>> OutputAsync(Ec2Call call, CancellationToken ct)
    {
        var instance = Find(call);
        var (text, at) = instance.LastConsole ?? new(await instance.Machine.Guest.ReadConsoleAsync(ct), call.Now);
        var bytes = Encoding.UTF8.GetBytes(text);
        return Of(
            Value("instanceId", instance.Id),
            Value("timestamp", at),
            Value("output", bytes.Length > 0 ? Convert.ToBase64String(bytes.AsSpan(Math.Max(0, bytes.Length - MaxBytes))) : null)
        );
    }

    public static async ValueTask<IEnumerable<XElement>> ScreenshotAsync(Ec2Call call, CancellationToken ct)
    {
        call.EndDryRun();
        var instance = Find(call);
        if (instance.State != InstanceState.Running)
        {
            throw InstanceActions.IncorrectState(instance, "photographed");
        }

        // As EC2 answers for bare metal.
        return await instance.Machine.Guest.PhotographAsync(ct) is { } image
            ? Of(Value("instanceId", instance.Id), Value("imageData", Convert.ToBase64String(image)))
            : throw new CloudException("UnsupportedOperation", $"The instance '{instance.Id}' has no screen.");
    }

    private static Instance Find(Ec2Call call)
    {
        lock (call.Account.Gate)
        {
            return InstanceActions.GetVisible(call);
        }
    }
}
