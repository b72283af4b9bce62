using BakeWorker.LocalCloud.Ec2.Catalogue;
using BakeWorker.LocalCloud.Ec2.Disks;
using BakeWorker.LocalCloud.Ec2.Images;

namespace BakeWorker.LocalCloud.Ec2;

/// <summary>EC2 of one account: its Regions and what they share.</summary>
internal sealed class Ec2State
{
    private readonly Dictionary<string, Ec2Region> _regions;

    public Ec2State(LocalCloudAccount account)
    {
        Account = account;
        Disks = new GuestDisks(account);
        Shelf = new ImageShelf(account);
        _regions = account.Options.Regions.ToDictionary(name => name, name => new Ec2Region(name, this));
        foreach (var region in _regions.Values)
        {
            CatalogueImages.Fill(region);
        }

        Shelf.Load(this);
    }

    public LocalCloudAccount Account { get; }
    public GuestDisks Disks { get; }
    public ImageShelf Shelf { get; }

    public ImageParameters Parameters { get; set; } = ImageParameters.PublicOnly;
    public IEnumerable<Ec2Region> Regions => _regions.Values;

    public Ec2Region? FindRegion(string name) => _regions.GetValueOrDefault(name);
}
