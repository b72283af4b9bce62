using System.Diagnostics;
using BakeWorker.Core.Telemetry;
using OpenTelemetry;

namespace BakeWorker.Telemetry;

/// <summary>
/// Writes recipe, bake id and stage on every span that is begun for a bake, AWS calls included, so that all of them are found by a flat query even
/// where a trace arrives in pieces.
/// </summary>
internal sealed class RunOnEverySpan : BaseProcessor<Activity>
{
    public override void OnStart(Activity data)
    {
        if (BakeScope.Current is not { } scope)
        {
            return;
        }

        foreach (var (name, value) in scope)
        {
            if (data.GetTagItem(name) is null)
            {
                data.SetTag(name, value);
            }
        }
    }
}
