using System.Text.RegularExpressions;
using System.Xml.Linq;
using BakeWorker.LocalCloud.Ec2.Tagging;
using BakeWorker.LocalCloud.Protocols;
using static BakeWorker.LocalCloud.Ec2.Requests.Answer;

namespace BakeWorker.LocalCloud.Ec2.LaunchTemplates;

/// <summary>Creating, extending, switching and deleting launch templates.</summary>
internal static partial class TemplateActions
{
    private const int MaxVersions = 200;

    public static IEnumerable<XElement> Create(Ec2Call call)
    {
        if (call.Region.TemplateTokens.Find("", call.Input) is { } earlier)
        {
            return Answer(call, call.Region.LaunchTemplates.Get(earlier[0]));
        }

        var name = call.Input.Required("LaunchTemplateName");
        if (!NamePattern().IsMatch(name))
        {
            throw new CloudException("InvalidLaunchTemplateName.MalformedException", $"The launch template name '{name}' is malformed.");
        }

        if (call.Region.LaunchTemplates.Any(template => template.Name == name))
        {
            throw new CloudException("InvalidLaunchTemplateName.AlreadyExistsException", "Launch template name already in use.");
        }

        var tags = TagSpecifications.Read(call.Input, "launch-template");
        var template = tags.Put(new LaunchTemplate(call.NewId("lt"), name, call.Now));
        template.Versions.Add(Version(call, 1, Data(call)));
        call.Region.LaunchTemplates.Add(template);
        call.Region.TemplateTokens.Record("", call.Input, template.Id);
        return Answer(call, template);
    }

    public static IEnumerable<XElement> CreateVersion(Ec2Call call)
    {
        var template = Find(call, call.Input);
        if (call.Region.TemplateTokens.Find(template.Id, call.Input) is not { } earlier)
        {
            var data = call.Input.String("SourceVersion") is { } source
                ? TemplateMerge.Merge(template.Get(source).Data, Data(call))
                : Data(call);
            var version = Version(call, template.NextVersion(), data);
            template.Versions.Add(version);
            earlier = [$"{version.Version}"];
            call.Region.TemplateTokens.Record(template.Id, call.Input, earlier);
        }

        return Of(Group("launchTemplateVersion", TemplateXml.Version(call, template, template.Get(earlier[0]))));
    }

    public static IEnumerable<XElement> Modify(Ec2Call call)
    {
        var template = Find(call, call.Input);
        template.DefaultVersion = template.Get(call.Input.Required("SetDefaultVersion")).Version;
        return Answer(call, template);
    }

    /// <summary>Deletes versions one by one: one that cannot be deleted is answered, not refused. The default version stays.</summary>
    public static IEnumerable<XElement> DeleteVersions(Ec2Call call)
    {
        var template = Find(call, call.Input);
        var wanted = call.Input.Strings("LaunchTemplateVersion");
        if (wanted.Count is 0 or > MaxVersions)
        {
            throw Ec2Errors.InvalidValue($"Between 1 and {MaxVersions} versions must be given.");
        }

        var results = wanted.Select(version => (Version: version, Error: DeleteVersion(template, version))).ToLookup(r => r.Error is null);
        return Of(
            Set("successfullyDeletedLaunchTemplateVersionSet", results[true], result => Named(template, result.Version)),
            Set(
                "unsuccessfullyDeletedLaunchTemplateVersionSet",
                results[false],
                result =>
                    [
                        .. Named(template, result.Version),
                        Group("responseError", Value("code", result.Error!.Value.Code), Value("message", result.Error.Value.Message)),
                    ]
            )
        );
    }

    public static IEnumerable<XElement> Delete(Ec2Call call)
    {
        var template = Find(call, call.Input);
        call.Region.LaunchTemplates.Remove(template);
        return Answer(call, template);
    }

    /// <summary>The template that is named by id or by name.</summary>
    public static LaunchTemplate Find(Ec2Call call, QueryInput named)
    {
        var (id, name) = (named.String("LaunchTemplateId"), named.String("LaunchTemplateName"));
        return (id, name) switch
        {
            ({ } given, null) => call.Region.LaunchTemplates.Get(given),
            (null, { } given) => FindByName(call, given),
            _ => throw Ec2Errors.InvalidCombination("Specify either LaunchTemplateId or LaunchTemplateName."),
        };
    }

    public static LaunchTemplate FindByName(Ec2Call call, string name) =>
        call.Region.LaunchTemplates.FirstOrDefault(template => template.Name == name)
        ?? throw new CloudException(
            "InvalidLaunchTemplateName.NotFoundException",
            $"The specified launch template, with template name {name}, does not exist."
        );

    private static (string Code, string Message)? DeleteVersion(LaunchTemplate template, string version)
    {
        if (template.Versions.Find(candidate => $"{candidate.Version}" == version) is not { } found)
        {
            return ("launchTemplateVersionDoesNotExist", $"Launch template {template.Id} has no version {version}.");
        }

        if (found.Version == template.DefaultVersion)
        {
            return ("unexpectedError", $"Version {version} is the default version and cannot be deleted.");
        }

        template.Versions.Remove(found);
        return null;
    }

    private static IEnumerable<XElement?> Named(LaunchTemplate template, string version) =>
        [Value("launchTemplateId", template.Id), Value("launchTemplateName", template.Name), Value("versionNumber", version)];

    private static IEnumerable<XElement> Answer(Ec2Call call, LaunchTemplate template) =>
        Of(Group("launchTemplate", TemplateXml.Template(call, template)));

    private static QueryInput Data(Ec2Call call) =>
        call.Input.Structure("LaunchTemplateData") is { Values.Count: > 0 } data ? data : throw Ec2Errors.Missing("LaunchTemplateData");

    private static TemplateVersion Version(Ec2Call call, long number, QueryInput data) =>
        new(number, call.Input.String("VersionDescription"), call.Now, data);

    [GeneratedRegex(@"^[a-zA-Z0-9().\-/_]{3,128}\z", RegexOptions.NonBacktracking)]
    private static partial Regex NamePattern();
}
