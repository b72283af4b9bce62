using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Ssm.Parameters;

/// <summary>Parameter Store: the account's own parameters by Region, and those AWS publishes under <c>/aws/service</c>. Call under the gate.</summary>
internal sealed class ParameterStore(LocalCloudAccount account, Func<string, IReadOnlyDictionary<string, string>> published)
{
    private readonly Dictionary<string, SortedDictionary<string, Parameter>> _regions = [];
    private readonly Dictionary<string, SortedDictionary<string, ReadableParameter>> _published = [];
    private readonly ParameterFile _file = new(account.Options.DataFolder, account.Clock.Time);

    /// <summary>The Region's own parameters by name.</summary>
    public SortedDictionary<string, Parameter> Own(string region)
    {
        if (!_regions.TryGetValue(region, out var parameters))
        {
            _regions[region] = parameters = new(StringComparer.Ordinal);
            foreach (var parameter in _file.Load(region))
            {
                parameters[parameter.Name] = parameter;
            }
        }

        return parameters;
    }

    public void Save(string region) => _file.Save(region, Own(region).Values);

    /// <summary>By name or ARN, with <c>:version</c> or <c>:label</c>; null when there is no such parameter or version.</summary>
    public ReadableParameter? FindReadable(string region, string nameAndSelector)
    {
        var (name, selector) = ParameterName.Split(nameAndSelector);
        if (ParameterName.IsReserved(name))
        {
            return selector.Length == 0 ? Published(region).GetValueOrDefault(name) : null;
        }

        return Own(region).GetValueOrDefault(name) is { } parameter && Select(parameter, selector) is { } version
            ? Readable(region, parameter, version, selector)
            : null;
    }

    public ReadableParameter Get(string region, string nameAndSelector)
    {
        if (FindReadable(region, nameAndSelector) is { } found)
        {
            return found;
        }

        var (name, selector) = ParameterName.Split(nameAndSelector);
        throw selector.Length > 0 && Own(region).ContainsKey(name) ? VersionNotFound(name, selector) : NotFound(name);
    }

    /// <summary>Everything under a path, own or published, by name.</summary>
    public IEnumerable<ReadableParameter> Under(string region, string path, bool recursive)
    {
        var prefix = path.EndsWith('/') ? path : path + "/";
        var all = ParameterName.IsReserved(prefix)
            ? Published(region).Values
            : Own(region).Values.Select(parameter => Readable(region, parameter, parameter.Latest, ""));
        return all.Where(parameter =>
            parameter.Name.StartsWith(prefix, StringComparison.Ordinal)
            && (recursive || !parameter.Name.AsSpan(prefix.Length).Contains('/'))
        );
    }

    public string Arn(string region, string name) =>
        $"arn:aws:ssm:{region}:{account.Options.AccountId}:parameter{(name[0] == '/' ? "" : "/")}{name}";

    public Parameter Find(string region, string name) =>
        Own(region).GetValueOrDefault(ParameterName.Split(name).Name) ?? throw NotFound(name);

    public static CloudException NotFound(string name) => new("ParameterNotFound", $"Parameter {name} not found.");

    public static CloudException VersionNotFound(string name, string selector) =>
        new("ParameterVersionNotFound", $"Systems Manager could not find version {selector} of {name}. Verify the version and try again.");

    private SortedDictionary<string, ReadableParameter> Published(string region)
    {
        if (!_published.TryGetValue(region, out var parameters))
        {
            _published[region] = parameters = new(StringComparer.Ordinal);
            foreach (var (name, value) in published(region))
            {
                var dataType = value.StartsWith("ami-", StringComparison.Ordinal) ? "aws:ec2:image" : "text";
                parameters[name] = new(name, "String", value, 1, dataType, account.Clock.Now)
                {
                    Arn = $"arn:aws:ssm:{region}::parameter{name}",
                };
            }
        }

        return parameters;
    }

    private static ParameterVersion? Select(Parameter parameter, string selector) =>
        selector.Length == 0 ? parameter.Latest
        : long.TryParse(selector, out var number) ? parameter.Versions.Find(version => version.Version == number)
        : parameter.Versions.Find(version => version.Labels.Contains(selector));

    private ReadableParameter Readable(string region, Parameter parameter, ParameterVersion version, string selector) =>
        new(parameter.Name, parameter.Type, version.Value, version.Version, version.DataType, version.ModifiedAt)
        {
            Arn = Arn(region, parameter.Name),
            Selector = selector.Length == 0 ? "" : ":" + selector,
        };
}
