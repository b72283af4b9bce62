using System.Text;
using Amazon.EC2;
using Amazon.EC2.Model;
using BakeWorker.Aws.Errors;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;

namespace BakeWorker.Aws.Ec2;

/// <summary>The serial console of an instance.</summary>
internal static class InstanceConsole
{
    public static async Task<string?> FindAsync(IAmazonEC2 ec2, InstanceId id, CancellationToken ct)
    {
        try
        {
            return Decode(await ReadAsync(ec2, id, latest: true, ct));
        }
        catch (BakeFailedException failure) when (failure.Is("UnsupportedOperation", "InvalidParameterValue"))
        {
            // Only Nitro instances show the console as it is now; the others as it was after the last boot.
            return Decode(await ReadAsync(ec2, id, latest: false, ct));
        }
        catch (BakeFailedException failure) when (failure.IsMissing())
        {
            return null;
        }
    }

    private static async Task<string?> ReadAsync(IAmazonEC2 ec2, InstanceId id, bool latest, CancellationToken ct)
    {
        var request = new GetConsoleOutputRequest { InstanceId = id.Value, Latest = latest ? true : null };
        return (await ec2.GetConsoleOutputAsync(request, ct)).Output;
    }

    private static string? Decode(string? output) =>
        string.IsNullOrEmpty(output) ? null : Encoding.UTF8.GetString(Convert.FromBase64String(output));
}
