using System.Xml.Linq;
using BakeWorker.LocalCloud.Ec2.Requests;

namespace BakeWorker.LocalCloud.Ec2.LaunchTemplates;

/// <summary>DescribeLaunchTemplates and DescribeLaunchTemplateVersions.</summary>
internal static class DescribeTemplates
{
    private const int MaxPage = 200;

    private static readonly Filters<LaunchTemplate> TemplateFilters = new Filters<LaunchTemplate>()
        .On("launch-template-name", template => template.Name)
        .On("create-time", template => template.CreatedAt);

    private static readonly Filters<(LaunchTemplate Template, TemplateVersion Version)> VersionFilters = new Filters<(
        LaunchTemplate Template,
        TemplateVersion Version
    )>()
        .On("image-id", entry => entry.Version.ImageId)
        .On("instance-type", entry => entry.Version.Data.String("InstanceType"))
        .On("is-default-version", entry => entry.Version.Version == entry.Template.DefaultVersion)
        .On("create-time", entry => entry.Version.CreatedAt);

    public static IEnumerable<XElement> Templates(Ec2Call call)
    {
        var ids = call.Input.Strings("LaunchTemplateId");
        var names = call.Input.Strings("LaunchTemplateName");
        var listing = new Listing<LaunchTemplate>("launchTemplates", TemplateFilters, template => TemplateXml.Template(call, template))
        {
            Paging = new(Min: 1, MaxPage),
        };
        return listing.Of(
            call.Input,
            names.Count > 0 ? names.Select(name => TemplateActions.FindByName(call, name)) : call.Region.LaunchTemplates.Select(ids)
        );
    }

    /// <summary>Versions of one template, or the latest or default ones of every template.</summary>
    public static IEnumerable<XElement> Versions(Ec2Call call)
    {
        var wanted = call.Input.Strings("LaunchTemplateVersion");
        var isOne = call.Input.Has("LaunchTemplateId") || call.Input.Has("LaunchTemplateName");
        var templates = isOne ? [TemplateActions.Find(call, call.Input)] : call.Region.LaunchTemplates.AsEnumerable();
        if (!isOne && (wanted.Count == 0 || wanted.Any(version => !version.StartsWith('$'))))
        {
            throw Ec2Errors.InvalidCombination("Without a launch template only the versions $Latest and $Default can be asked for.");
        }

        var listing = new Listing<(LaunchTemplate Template, TemplateVersion Version)>(
            "launchTemplateVersionSet",
            VersionFilters,
            entry => TemplateXml.Version(call, entry.Template, entry.Version)
        )
        {
            Paging = new(Min: 1, MaxPage),
        };
        return listing.Of(
            call.Input,
            templates.SelectMany(template => Select(call, template, wanted).Select(version => (template, version)))
        );
    }

    private static IEnumerable<TemplateVersion> Select(Ec2Call call, LaunchTemplate template, IReadOnlyList<string> wanted)
    {
        var min = call.Input.Int("MinVersion") ?? 0;
        var max = call.Input.Int("MaxVersion") ?? int.MaxValue;
        return wanted.Count > 0
            ? wanted.Select(template.Get).Distinct()
            : template.Versions.Where(version => version.Version >= min && version.Version <= max).Reverse();
    }
}
