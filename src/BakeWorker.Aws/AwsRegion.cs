using BakeWorker.Aws.Ec2;
using BakeWorker.Aws.Inspector;
using BakeWorker.Aws.Kms;
using BakeWorker.Aws.Resilience;
using BakeWorker.Aws.Ssm;
using BakeWorker.Core.Cloud;

namespace BakeWorker.Aws;

/// <summary>One Region of the account, over the SDK's clients.</summary>
internal sealed class AwsRegion : IRegion, IDisposable
{
    private readonly List<IDisposable> _clients = [];

    public AwsRegion(string name, Clients clients, AwsOptions options, TimeProvider time)
    {
        var ec2 = Own(clients.Ec2(name));
        var ssm = Own(clients.Ssm(name));
        var parameters = new Parameters(ssm, time);
        Name = name;
        Instances = new Instances(ec2, options, time);
        Agents = new Agents(ssm);
        Commands = new Commands(ssm, options, time);
        Images = new Images(ec2, parameters, name, time);
        Snapshots = new Snapshots(ec2, time);
        Scans = new InspectorScans(Own(clients.Inspector(name)), ec2, name, time);
        Pointers = new Pointers(ssm, parameters);
        Ticks = new TickBook(ssm, parameters);
        Templates = new LaunchTemplates(ec2);
        Usage = new ImageUsage(ec2, time);
        Settings = new RegionSettings(ec2);
        Networks = new Networks(ec2);
        Keys = new Keys(new(() => Own(clients.Kms(name))));
    }

    public string Name { get; }
    public IInstances Instances { get; }
    public IAgents Agents { get; }
    public ICommands Commands { get; }
    public IImages Images { get; }
    public ISnapshots Snapshots { get; }
    public IScans Scans { get; }
    public IPointers Pointers { get; }
    public ITickBook Ticks { get; }
    public ILaunchTemplates Templates { get; }
    public IKeys Keys { get; }
    public IImageUsage Usage { get; }
    public IRegionSettings Settings { get; }
    public INetworks Networks { get; }

    public void Dispose() => _clients.ForEach(client => client.Dispose());

    private T Own<T>(T client)
        where T : IDisposable
    {
        _clients.Add(client);
        return client;
    }
}
