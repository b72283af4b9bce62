using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Ec2.LaunchTemplates;

/// <summary>RunInstances' parameters together with those of the launch template that it names; the call's own win.</summary>
internal static class TemplateMerge
{
    public static QueryInput Apply(Ec2Call call)
    {
        var named = call.Input.Structure("LaunchTemplate");
        if (named.Values.Count == 0)
        {
            return call.Input;
        }

        var template = TemplateActions.Find(call, named);
        return Merge(template.Get(named.String("Version") ?? "$Default").Data, call.Input);
    }

    /// <summary>A parameter that the upper input has at all replaces the lower one's whole.</summary>
    public static QueryInput Merge(QueryInput lower, QueryInput upper)
    {
        var replaced = upper.Values.Keys.Select(Top).ToHashSet(StringComparer.Ordinal);
        var merged = lower.Values.Where(pair => !replaced.Contains(Top(pair.Key))).Concat(upper.Values);
        return new(merged.ToDictionary(pair => pair.Key, pair => pair.Value));
    }

    private static string Top(string key) => key.Split('.', 2)[0];
}
