using System.Xml.Linq;
using BakeWorker.LocalCloud.Guests;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Ec2;

/// <summary>EC2: images, instances and what they need.</summary>
public sealed class Ec2Service(LocalCloudAccount account) : IQueryService, IMachines
{
    public ValueTask<IEnumerable<XElement>> InvokeAsync(Call call, QueryInput input, CancellationToken ct) =>
        throw CloudException.UnknownAction(call);

    public Machine? Find(string region, string instanceId) => null;

    public IEnumerable<Machine> List(string region) => [];

    public MachineImage? FindImage(string region, string imageId) => null;

    public void Reboot(string region, string instanceId) => _ = account;

    public void SetImageFindings(string region, string imageId, DateTimeOffset scannedAt, IReadOnlyList<ImageFinding> findings) =>
        _ = account;
}
