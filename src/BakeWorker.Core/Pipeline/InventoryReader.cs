using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;

namespace BakeWorker.Core.Pipeline;

/// <summary>Asks a guest for its packages, part after part, because SSM shows little of a command's output.</summary>
public sealed class InventoryReader(GuestShell shell)
{
    /// <summary>More parts than any image has packages for: about 30,000.</summary>
    private const int MostParts = 20;

    /// <summary>What is installed; null when the guest does not say.</summary>
    /// <param name="when">Tells the lists of one bake apart.</param>
    public async Task<Inventory?> FindAsync(Bake bake, Instance guest, string when, CancellationToken ct)
    {
        var packed = "";
        for (var part = 1; part <= MostParts; part++)
        {
            var listed = await shell.RunAsync(bake, guest, BuiltInScripts.Inventory(bake.Recipe.Platform, when, part), ct);
            if (listed.State != CommandState.Succeeded)
            {
                return null;
            }

            packed += listed.Output;
            if (!listed.Output.TrimEnd().EndsWith(BuiltInScripts.MoreInventory, StringComparison.Ordinal))
            {
                return Inventory.Parse(packed);
            }

            packed = packed.TrimEnd()[..^BuiltInScripts.MoreInventory.Length];
        }

        return null;
    }
}
