using System.Text;
using Amazon.EC2;
using Amazon.EC2.Model;
using BakeWorker.Aws.Errors;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;

namespace BakeWorker.Aws.Ec2;

/// <summary>The serial console and the screen of an instance.</summary>
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

    /// <summary>Only a running instance has a screen, and not every type: neither bare metal nor Graviton.</summary>
    public static async Task<byte[]?> FindScreenshotAsync(IAmazonEC2 ec2, InstanceId id, CancellationToken ct)
    {
        var seen = await ec2.DescribeInstancesAsync(
            new DescribeInstancesRequest
            {
                Filters = [Ec2Tags.Filter("instance-id", id.Value), Ec2Tags.Filter("instance-state-name", "running")],
            },
            ct
        );
        if (seen.Reservations is not { Count: > 0 })
        {
            return null;
        }

        try
        {
            var answer = await ec2.GetConsoleScreenshotAsync(new GetConsoleScreenshotRequest { InstanceId = id.Value }, ct);
            return string.IsNullOrEmpty(answer.ImageData) ? null : Convert.FromBase64String(answer.ImageData);
        }
        catch (BakeFailedException failure) when (failure.IsMissing() || failure.Is("UnsupportedOperation", "IncorrectInstanceState"))
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
