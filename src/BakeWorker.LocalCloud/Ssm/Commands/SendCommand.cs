using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using BakeWorker.LocalCloud.Guests;
using BakeWorker.LocalCloud.Protocols;
using BakeWorker.LocalCloud.Ssm.Agents;
using BakeWorker.LocalCloud.Ssm.Documents;
using BakeWorker.LocalCloud.Ssm.Parameters;

namespace BakeWorker.LocalCloud.Ssm.Commands;

/// <summary>SendCommand: everything SSM checks before it answers.</summary>
internal sealed partial class SendCommand(
    LocalCloudAccount account,
    AgentRoster agents,
    CommandBook book,
    CommandRunner runner,
    ParameterStore parameters
)
{
    private const int SizeLimit = 64 * 1024;
    private static readonly TimeSpan Lag = TimeSpan.FromSeconds(1);

    /// <summary>What a caller gave and reads back unchanged.</summary>
    private static readonly string[] Echoed =
    [
        "InstanceIds",
        "Targets",
        "Parameters",
        "ServiceRole",
        "NotificationConfig",
        "CloudWatchOutputConfig",
        "AlarmConfiguration",
    ];

    public JsonObject Invoke(Call call, JsonObject input)
    {
        CheckShape(input);
        var version = input.String("DocumentVersion");
        var document = DocumentQueries.Find(input.Required("DocumentName"), version);
        CheckHash(document, input);
        var given = ReadValues(input);
        CheckSize(document, given);
        var values = Fill(document, Resolve(call.Region, given));
        var machines = FindTargets(call.Region, input);
        if (machines.Any(machine => !document.Supports(machine.IsWindows)))
        {
            throw new CloudException("UnsupportedPlatformType", $"{document.Name} does not support the platform of a target instance.");
        }

        var (id, now) = (account.NewUuid(), account.Clock.Now);
        var command = new Command
        {
            Id = id,
            Region = call.Region,
            Document = document,
            DocumentVersion = version ?? "$DEFAULT",
            Comment = input.String("Comment") ?? "",
            Values = values,
            RequestedAt = now,
            VisibleAt = now + (Lag / account.Options.Speed) + account.Faults.Hiding(new(call.Region, "command", id)),
            DeliveryTimeout = TimeSpan.FromSeconds(input.Long("TimeoutSeconds") ?? 3600),
            ExecutionTimeout = TimeSpan.FromSeconds(int.TryParse(values["executionTimeout"], out var seconds) ? seconds : 3600),
            MaxConcurrency = input.String("MaxConcurrency") ?? "50",
            MaxErrors = input.String("MaxErrors") ?? "0",
            Request = new JsonObject(
                input
                    .Where(member => Echoed.Contains(member.Key, StringComparer.Ordinal))
                    .Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone()))
            ),
            Invocations = machines.Select(machine => new Invocation(machine)).ToList(),
        };
        book.Add(command);
        runner.Send(command);
        return new JsonObject { ["Command"] = CommandRendering.Command(command) };
    }

    private static void CheckShape(JsonObject input)
    {
        JsonRule.Length("Comment", input.String("Comment"), 0, 100);
        JsonRule.Range("TimeoutSeconds", input.Long("TimeoutSeconds"), 30, 2_592_000);
        JsonRule.Pattern("MaxConcurrency", input.String("MaxConcurrency"), ConcurrencyPattern());
        JsonRule.Pattern("MaxErrors", input.String("MaxErrors"), ErrorsPattern());
        JsonRule.Count("InstanceIds", input.Strings("InstanceIds"), 0, 50);
        JsonRule.Count("Targets", input.Objects("Targets"), 0, 5);
        foreach (var id in input.Strings("InstanceIds"))
        {
            JsonRule.Pattern("InstanceIds", id, InstancePattern());
        }

        // There are no buckets and no topics in this cloud, and SSM refuses those that do not exist.
        if (input.String("OutputS3BucketName") is { Length: > 0 })
        {
            throw new CloudException("InvalidOutputFolder", "The S3 bucket doesn't exist.");
        }

        if (input.Object("NotificationConfig")?.String("NotificationArn") is { Length: > 0 } topic)
        {
            throw new CloudException("InvalidNotificationConfig", $"The topic {topic} doesn't exist.");
        }
    }

    private static void CheckHash(Document document, JsonObject input)
    {
        if (input.String("DocumentHash") is { Length: > 0 } hash && hash != DocumentContent.Hash(document))
        {
            throw new CloudException("InvalidDocument", $"The hash of {document.Name} does not match the one given.");
        }
    }

    private static Dictionary<string, IReadOnlyList<string>> ReadValues(JsonObject input)
    {
        var given = input.Object("Parameters") ?? [];
        return given.ToDictionary(pair => pair.Key, pair => given.Strings(pair.Key));
    }

    private static void CheckSize(Document document, Dictionary<string, IReadOnlyList<string>> given)
    {
        // As JSON on the wire: quotes and a comma around each value, a backslash before each quote or backslash in it.
        var size = given.Sum(pair => pair.Key.Length + 6 + pair.Value.Sum(Size)) + DocumentContent.Of(document).Length;
        if (size > SizeLimit)
        {
            throw new CloudException("MaxDocumentSizeExceeded", "The size limit of a document is 64 KB.");
        }

        static int Size(string text) => Encoding.UTF8.GetByteCount(text) + 3 + text.AsSpan().Count('"') + text.AsSpan().Count('\\');
    }

    private static DocumentValues Fill(Document document, Dictionary<string, IReadOnlyList<string>> given)
    {
        if (given.Keys.FirstOrDefault(name => document.Parameters.All(parameter => parameter.Name != name)) is { } unknown)
        {
            throw Invalid($"{unknown} is not a parameter of {document.Name}.");
        }

        return new DocumentValues(document.Parameters.ToDictionary(parameter => parameter.Name, parameter => Value(parameter, given)));
    }

    private static IReadOnlyList<string> Value(DocumentParameter parameter, Dictionary<string, IReadOnlyList<string>> given)
    {
        if (!given.TryGetValue(parameter.Name, out var values) || values.Count == 0)
        {
            return parameter.Default is { } value ? [value] : throw Invalid($"Parameter {parameter.Name} is required.");
        }

        if (parameter.Type == "String" && values.Count > 1)
        {
            throw Invalid($"Parameter {parameter.Name} takes one value, not {values.Count}.");
        }

        var bad = values.FirstOrDefault(value =>
            (parameter.Allowed.Count > 0 && !parameter.Allowed.Contains(value, StringComparer.Ordinal))
            || (parameter.Pattern is { } pattern && !Regex.IsMatch(value, $"^(?:{pattern})$", RegexOptions.NonBacktracking))
        );
        return bad is null ? values : throw Invalid($"Parameter {parameter.Name} has the value {bad}, which the document does not allow.");
    }

    /// <summary>Puts parameters of the store in place of <c>{{ssm:name}}</c>; secure strings may not be used so.</summary>
    private Dictionary<string, IReadOnlyList<string>> Resolve(string region, Dictionary<string, IReadOnlyList<string>> given)
    {
        return given.ToDictionary(
            pair => pair.Key,
            pair => (IReadOnlyList<string>)pair.Value.Select(value => ReferencePattern().Replace(value, Lookup)).ToList()
        );

        string Lookup(Match match)
        {
            var name = match.Groups["name"].Value;
            return parameters.FindReadable(region, name) is { Type: not "SecureString" } found
                ? found.Value
                : throw Invalid($"The parameter {name} does not exist, or its type may not be used in a command.");
        }
    }

    private List<Machine> FindTargets(string region, JsonObject input)
    {
        var ids = input.Strings("InstanceIds");
        var targets = input.Objects("Targets");
        if (ids.Count > 0 == targets.Count > 0)
        {
            throw new CloudException("ValidationException", "Give either InstanceIds or Targets.");
        }

        if (ids.Distinct(StringComparer.Ordinal).Count() < ids.Count)
        {
            throw new CloudException("DuplicateInstanceId", "An instance id was given twice.");
        }

        var missing = ids.Where(id => agents.Find(region, id) is null).ToList();
        return missing.Count > 0
            ? throw new CloudException(
                "InvalidInstanceId",
                $"Instances [[{string.Join(", ", missing)}]] not in a valid state for account {account.Options.AccountId}"
            )
            : agents
                .List(region)
                .Select(agent => agent.Machine)
                .Where(machine =>
                    ids.Count > 0
                        ? ids.Contains(machine.InstanceId, StringComparer.Ordinal)
                        : targets.All(target => Matches(machine, target))
                )
                .ToList();
    }

    private static bool Matches(Machine machine, JsonObject target)
    {
        var key = target.Required("Key");
        var values = JsonRule.Count("Values", target.Strings("Values"), 0, 50);
        return key switch
        {
            "InstanceIds" => values.Contains(machine.InstanceId, StringComparer.Ordinal),
            "tag-key" => values.Any(machine.Tags.ContainsKey),
            _ when key.StartsWith("tag:", StringComparison.Ordinal) => machine.Tags.TryGetValue(key[4..], out var tag)
                && values.Contains(tag, StringComparer.Ordinal),
            _ => throw new CloudException("InvalidTarget", $"The target key {key} isn't valid."),
        };
    }

    private static CloudException Invalid(string message) => new("InvalidParameters", message);

    [GeneratedRegex(@"\{\{\s*ssm:(?<name>[a-zA-Z0-9_.\-/]+(:[a-zA-Z0-9_.\-]+)?)\s*\}\}")]
    private static partial Regex ReferencePattern();

    [GeneratedRegex(@"(^i-(\w{8}|\w{17})$)|(^mi-\w{17}$)")]
    private static partial Regex InstancePattern();

    [GeneratedRegex("^([1-9][0-9]*|[1-9][0-9]%|[1-9]%|100%)$")]
    private static partial Regex ConcurrencyPattern();

    [GeneratedRegex("^([1-9][0-9]*|[0]|[1-9][0-9]%|[0-9]%|100%)$")]
    private static partial Regex ErrorsPattern();
}
