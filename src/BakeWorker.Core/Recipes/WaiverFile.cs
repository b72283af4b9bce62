using BakeWorker.Core.Binding;
using BakeWorker.Core.Recipes.Fields;

namespace BakeWorker.Core.Recipes;

/// <summary>Accepted findings in a file of their own, so that another team may approve its changes.</summary>
internal static class WaiverFile
{
    public static IReadOnlyList<Waiver> Read(byte[] content, DateOnly today, Problems problems)
    {
        if (YamlDocument.Read(content, problems) is not { } root || !WaiverFields.File.TryRead(root, "waivers", problems, out var entries))
        {
            return [];
        }

        foreach (var (waiver, place) in entries)
        {
            if (waiver.TryGet(WaiverFields.Expires, out var end) && end < today)
            {
                var id = waiver.Find(WaiverFields.Vulnerability) ?? "the waiver";
                problems.Warn(place, $"{id} expired on {Words.Date.Show(end)} and counts for nothing; renew or remove it.");
            }
        }

        foreach (var same in entries.GroupBy(KeyOf).Where(g => g.Key.Vulnerability is not null && g.Count() > 1))
        {
            problems.Error(
                same.Last().Place,
                $"{same.Key.Vulnerability} is waived twice for {same.Key.Package ?? "any package"}; keep one of the two."
            );
        }

        return problems.HasErrors ? [] : [.. entries.Select(e => WaiverOf(e.Value))];
    }

    private static (string? Vulnerability, string? Package) KeyOf(Placed<Section> entry) =>
        (entry.Value.Find(WaiverFields.Vulnerability), entry.Value.Find(WaiverFields.Package));

    private static Waiver WaiverOf(Section waiver) =>
        new()
        {
            Vulnerability = waiver.Get(WaiverFields.Vulnerability),
            Package = waiver.Find(WaiverFields.Package),
            Reason = waiver.Get(WaiverFields.Reason),
            ApprovedBy = waiver.Get(WaiverFields.ApprovedBy),
            Expires = waiver.Get(WaiverFields.Expires),
        };
}
