using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using BakeWorker.LocalCloud.Faults;
using BakeWorker.LocalCloud.Guests;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Ssm.Parameters;

/// <summary>
/// PutParameter. A value of data type <c>aws:ec2:image</c> is answered at once but checked afterwards: when the image is not there or not
/// available the write silently comes to nothing, as on AWS.
/// </summary>
internal sealed partial class PutParameter(LocalCloudAccount account, IMachines machines, ParameterStore store)
{
    private const string ImageType = "aws:ec2:image";
    private const int StandardLimit = 4096;
    private const int AdvancedLimit = 8192;
    private const int CountLimit = 10_000;
    private static readonly TimeSpan Validation = TimeSpan.FromSeconds(3);
    private readonly HashSet<(string Region, string Name)> _pending = [];

    public JsonObject Invoke(Call call, JsonObject input)
    {
        var name = input.Required("Name");
        var value = input.Required("Value");
        ParameterName.Check(name, store.Arn(call.Region, name));
        var own = store.Own(call.Region);
        var existing = own.GetValueOrDefault(name);
        var overwrite = input.Bool("Overwrite") ?? false;
        if (existing is not null && !overwrite)
        {
            throw new CloudException(
                "ParameterAlreadyExists",
                "The parameter already exists. To overwrite this value, set the overwrite option in the request to true."
            );
        }

        var type = CheckType(input, existing);
        var dataType = CheckDataType(input, existing, type, value);
        var tier = CheckValue(input, existing, value);
        CheckPattern(input.String("AllowedPattern"), value);
        JsonRule.Length("Description", input.String("Description"), 0, 1024);
        var tags = ReadTags(input, overwrite);
        if (existing is null && own.Count >= CountLimit)
        {
            throw new CloudException(
                "ParameterLimitExceeded",
                $"You have exceeded the number of parameters for this account: {CountLimit}."
            );
        }

        CheckVersions(existing);
        if (_pending.Contains((call.Region, name)))
        {
            throw new CloudException("TooManyUpdates", "There are concurrent updates for a resource that supports one update at a time.");
        }

        var draft = new ParameterVersion((existing?.Latest.Version ?? 0) + 1, value, dataType, tier, account.Clock.Now)
        {
            Description = input.String("Description") ?? existing?.Latest.Description,
            AllowedPattern = input.String("AllowedPattern"),
            KeyId = type == "SecureString" ? input.String("KeyId") ?? "alias/aws/ssm" : null,
        };
        if (dataType == ImageType)
        {
            _pending.Add((call.Region, name));
            var subject = new FaultSubject(call.Region, "parameter", name);
            var (hidden, isLost) = (account.Faults.Hiding(subject), account.Faults.Find(FaultKind.ParameterWriteLost, subject) is not null);
            account.Clock.After(Validation + hidden, () => CommitIfImageExists(call.Region, name, type, draft, tags, isLost));
        }
        else
        {
            Commit(call.Region, name, type, draft, tags);
        }

        return new JsonObject { ["Version"] = draft.Version, ["Tier"] = tier };
    }

    private void CommitIfImageExists(
        string region,
        string name,
        string type,
        ParameterVersion draft,
        IReadOnlyList<(string, string)> tags,
        bool isLost
    )
    {
        _pending.Remove((region, name));
        if (!isLost && machines.FindImage(region, draft.Value) is { State: "available" })
        {
            Commit(region, name, type, draft with { ModifiedAt = account.Clock.Now }, tags);
        }
    }

    private void Commit(string region, string name, string type, ParameterVersion draft, IReadOnlyList<(string Key, string Value)> tags)
    {
        var own = store.Own(region);
        if (!own.TryGetValue(name, out var parameter))
        {
            own[name] = parameter = new Parameter(name, type);
        }

        parameter.Versions.Add(draft);
        if (parameter.Versions.Count > Parameter.VersionLimit)
        {
            parameter.Versions.RemoveAt(0);
        }

        foreach (var (key, value) in tags)
        {
            parameter.Tags[key] = value;
        }

        store.Save(region);
    }

    private static string CheckType(JsonObject input, Parameter? existing)
    {
        var type = JsonRule.OneOf("Type", input.String("Type"), "String", "StringList", "SecureString");
        if (existing is not null && type is not null && type != existing.Type)
        {
            throw new CloudException(
                "HierarchyTypeMismatchException",
                $"The parameter {existing.Name} is of type {existing.Type}, which can't be changed to {type}."
            );
        }

        return type ?? existing?.Type ?? throw Invalid("A parameter type is required when you create a parameter.");
    }

    private static string CheckDataType(JsonObject input, Parameter? existing, string type, string value)
    {
        var dataType = input.String("DataType") is { Length: > 0 } given ? given : existing?.Latest.DataType ?? "text";
        if (dataType is not ("text" or ImageType or "aws:ssm:integration"))
        {
            throw Invalid(
                $"The following data type is not supported: {dataType} (Data type names are all lowercase.). "
                    + "The supported data types are: text, aws:ec2:image, aws:ssm:integration."
            );
        }

        if (existing is not null && dataType != existing.Latest.DataType)
        {
            throw Invalid($"The data type of {existing.Name} is {existing.Latest.DataType} and can't be changed.");
        }

        if (dataType == ImageType && type != "String")
        {
            throw Invalid("Parameters of data type aws:ec2:image must be of type String.");
        }

        return dataType != ImageType || ImagePattern().IsMatch(value)
            ? dataType
            : throw Invalid($"The value {value} is not an AMI ID, which the data type aws:ec2:image needs, such as ami-12345abcdeEXAMPLE.");
    }

    private static string CheckValue(JsonObject input, Parameter? existing, string value)
    {
        if (value.Length == 0)
        {
            throw JsonRule.Violated("", "Value", "Member must have length greater than or equal to 1");
        }

        if (value.Contains("{{", StringComparison.Ordinal))
        {
            throw Invalid("Parameter value can't nest another parameter. Do not use \"{{}}\" in the value.");
        }

        var asked =
            JsonRule.OneOf("Tier", input.String("Tier"), "Standard", "Advanced", "Intelligent-Tiering")
            ?? existing?.Latest.Tier
            ?? "Standard";
        var tier = asked == "Intelligent-Tiering" ? (value.Length > StandardLimit ? "Advanced" : "Standard") : asked;
        if (existing?.Latest.Tier == "Advanced" && asked == "Standard")
        {
            throw Invalid($"The parameter {existing.Name} uses the advanced-parameter tier, which can't be changed back to standard.");
        }

        return value.Length <= (tier == "Advanced" ? AdvancedLimit : StandardLimit) ? tier
            : tier == "Advanced"
                ? throw Invalid($"Advanced tier parameters support a maximum parameter value of {AdvancedLimit} characters.")
            : throw Invalid(
                $"Standard tier parameters support a maximum parameter value of {StandardLimit} characters. "
                    + "To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier."
            );
    }

    private static void CheckPattern(string? pattern, string value)
    {
        if (string.IsNullOrEmpty(pattern))
        {
            return;
        }

        Regex regex;
        try
        {
            regex = new Regex(pattern, RegexOptions.None, TimeSpan.FromSeconds(1));
        }
        catch (ArgumentException)
        {
            throw new CloudException("InvalidAllowedPatternException", $"The allowed pattern {pattern} is not a regular expression.");
        }

        if (!regex.IsMatch(value))
        {
            throw new CloudException(
                "ParameterPatternMismatchException",
                $"Parameter value, cannot be validated against allowedPattern: {pattern}"
            );
        }
    }

    private static void CheckVersions(Parameter? existing)
    {
        if (existing is { Versions.Count: >= Parameter.VersionLimit } && existing.Versions[0].Labels.Count > 0)
        {
            throw new CloudException(
                "ParameterMaxVersionLimitExceeded",
                $"You attempted to create a new version of {existing.Name}, but version {existing.Versions[0].Version}, the oldest one, "
                    + "can't be deleted because it has a label associated with it. Move the label to another version of the parameter, and try again."
            );
        }
    }

    private static IReadOnlyList<(string Key, string Value)> ReadTags(JsonObject input, bool overwrite)
    {
        var tags = ParameterTags.Read(input);
        return tags.Count > 0 && overwrite
            ? throw Invalid(
                "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. "
                    + "To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource."
            )
            : tags;
    }

    private static CloudException Invalid(string message) => new("ValidationException", message);

    [GeneratedRegex("^ami-([0-9a-f]{8}|[0-9a-f]{17})$")]
    private static partial Regex ImagePattern();
}
