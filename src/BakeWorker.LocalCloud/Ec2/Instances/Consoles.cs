using System.Text;
using System.Xml.Linq;
using BakeWorker.LocalCloud.Protocols;
using static BakeWorker.LocalCloud.Ec2.Requests.Answer;

namespace BakeWorker.LocalCloud.Ec2.Instances;

/// <summary>GetConsoleOutput and GetConsoleScreenshot.</summary>
internal static class Consoles
{
    private const int MaxBytes = 64 * 1024;

    /// <summary>A grey square: a whole JPEG in as few bytes as it takes.</summary>
    private const string Screenshot =
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQ"
        + "EBAQEBAQH/wAALCAAIAAgBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAAP/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AP//Z";

    /// <summary>Reads the guest's console outside the gate; the last 64 KiB of it.</summary>
    public static async ValueTask<IEnumerable<XElement>> OutputAsync(Ec2Call call, CancellationToken ct)
    {
        Instance instance;
        lock (call.Account.Gate)
        {
            instance = InstanceActions.GetVisible(call);
        }

        var (text, at) = instance.LastConsole ?? new(await instance.Machine.Guest.ReadConsoleAsync(ct), call.Now);
        var bytes = Encoding.UTF8.GetBytes(text);
        return Of(
            Value("instanceId", instance.Id),
            Value("timestamp", at),
            Value("output", bytes.Length > 0 ? Convert.ToBase64String(bytes.AsSpan(Math.Max(0, bytes.Length - MaxBytes))) : null)
        );
    }

    public static IEnumerable<XElement> TakeScreenshot(Ec2Call call)
    {
        var instance = InstanceActions.GetVisible(call);
        if (instance.State != InstanceState.Running)
        {
            throw InstanceActions.IncorrectState(instance, "photographed");
        }

        // As EC2 answers for bare metal.
        return instance.Machine.Guest.HasScreen
            ? Of(Value("instanceId", instance.Id), Value("imageData", Screenshot))
            : throw new CloudException("UnsupportedOperation", $"The instance '{instance.Id}' has no screen.");
    }
}
