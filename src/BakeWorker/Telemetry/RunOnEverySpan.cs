using System.Diagnostics;
using BakeWorker.Core.Telemetry;
using OpenTelemetry;

namespace BakeWorker.Telemetry;

/// <summary>
/// Copies recipe and bake id from the enclosing span to those beneath it, so that every span of a bake, AWS calls included, is found by a flat
/// query even where its trace arrives in pieces.
/// </summary>
internal sealed class RunOnEverySpan : BaseProcessor<Activity>
{
    public override void OnStart(Activity data)
    {
        foreach (var name in (ReadOnlySpan<string>)[BakeTelemetry.PipelineName, BakeTelemetry.RunId])
        {
            if (data.Parent?.GetTagItem(name) is { } value && data.GetTagItem(name) is null)
            {
                data.SetTag(name, value);
            }
        }
    }
}
