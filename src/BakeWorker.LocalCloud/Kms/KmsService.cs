using System.Text.Json.Nodes;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Kms;

/// <summary>KMS, as far as it says whose keys these are and who may use them.</summary>
public sealed class KmsService(LocalCloudAccount account) : IJsonService
{
    private const int PageSize = 100;
    private static readonly string[] Usages = ["ENCRYPT_DECRYPT", "SIGN_VERIFY", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT"];
    private readonly KeyBook _book = account.Keys;

    public ValueTask<JsonObject> InvokeAsync(Call call, JsonObject input, CancellationToken ct)
    {
        lock (account.Gate)
        {
            return new(Answer(call, input));
        }
    }

    private JsonObject Answer(Call call, JsonObject input) =>
        call.Action switch
        {
            "CreateKey" => Create(call, input),
            "DescribeKey" => new JsonObject { ["KeyMetadata"] = Metadata(_book.Get(call.Region, input.Required("KeyId"))) },
            "ListKeys" => Page(
                input,
                "Keys",
                _book.In(call.Region).Keys,
                key => new JsonObject { ["KeyId"] = key.Id, ["KeyArn"] = key.Arn }
            ),
            "EnableKey" => Set(call, input, key => key.State = "Enabled"),
            "DisableKey" => Set(call, input, key => key.State = "Disabled"),
            "ScheduleKeyDeletion" => ScheduleDeletion(call, input),
            "CreateAlias" => CreateAlias(call, input),
            "ListAliases" => ListAliases(call, input),
            "GetKeyPolicy" => new JsonObject
            {
                ["Policy"] = _book.Get(call.Region, input.Required("KeyId")).Policy,
                ["PolicyName"] = "default",
            },
            "PutKeyPolicy" => PutPolicy(call, input),
            "CreateGrant" => CreateGrant(call, input),
            "ListGrants" => ListGrants(call, input),
            "GetPublicKey" => Signing.PublicKey(_book.Get(call.Region, input.Required("KeyId"))),
            "Sign" => Signing.Sign(_book.Get(call.Region, input.Required("KeyId")), input),
            "Verify" => Signing.Verify(_book.Get(call.Region, input.Required("KeyId")), input),
            _ => throw CloudException.UnknownAction(call),
        };

    private JsonObject Create(Call call, JsonObject input)
    {
        var id = account.NewUuid();
        var key = new Key(id, _book.Arn(call.Region, id), account.Options.AccountId, isAwsManaged: false, account.Clock.Now)
        {
            Description = input.String("Description") ?? "",
            Usage = JsonRule.OneOf("KeyUsage", input.String("KeyUsage"), Usages) ?? Usages[0],
            Spec = input.String("KeySpec") ?? "SYMMETRIC_DEFAULT",
            IsMultiRegion = input.Bool("MultiRegion") ?? false,
        };
        if (input.String("Policy") is { } policy)
        {
            key.Policy = Checked(policy);
        }

        _book.In(call.Region).Keys.Add(key);
        return new JsonObject { ["KeyMetadata"] = Metadata(key) };
    }

    private JsonObject Set(Call call, JsonObject input, Action<Key> change)
    {
        var key = Own(call, input);
        if (key.State == "PendingDeletion")
        {
            throw new CloudException("KMSInvalidStateException", $"{key.Arn} is pending deletion.");
        }

        change(key);
        return [];
    }

    private JsonObject ScheduleDeletion(Call call, JsonObject input)
    {
        var key = Own(call, input);
        var days = JsonRule.Range("PendingWindowInDays", input.Long("PendingWindowInDays"), 7, 30) ?? 30;
        (key.State, key.DeletedAt) = ("PendingDeletion", account.Clock.Now.AddDays(days));
        return new JsonObject
        {
            ["KeyId"] = key.Arn,
            ["DeletionDate"] = key.DeletedAt.Value.ToEpochSeconds(),
            ["KeyState"] = key.State,
            ["PendingWindowInDays"] = days,
        };
    }

    private JsonObject CreateAlias(Call call, JsonObject input)
    {
        var (name, key) = (input.Required("AliasName"), _book.Get(call.Region, input.Required("TargetKeyId")));
        if (!name.StartsWith("alias/", StringComparison.Ordinal) || name.StartsWith("alias/aws/", StringComparison.Ordinal))
        {
            throw new CloudException(
                "ValidationException",
                $"Alias must start with the prefix \"alias/\" and not with \"alias/aws/\": {name}"
            );
        }

        return _book.In(call.Region).Aliases.TryAdd(name, key.Id)
            ? []
            : throw new CloudException("AlreadyExistsException", $"An alias with the name {name} already exists");
    }

    private JsonObject ListAliases(Call call, JsonObject input)
    {
        var wanted = input.String("KeyId") is { } named ? _book.Get(call.Region, named).Id : null;
        var aliases = _book.In(call.Region).Aliases.Where(alias => wanted is null || alias.Value == wanted).ToList();
        return Page(
            input,
            "Aliases",
            aliases,
            alias => new JsonObject
            {
                ["AliasName"] = alias.Key,
                ["AliasArn"] = _book.Arn(call.Region, alias.Key).Replace("key/", ""),
                ["TargetKeyId"] = alias.Value,
            }
        );
    }

    private JsonObject PutPolicy(Call call, JsonObject input)
    {
        Own(call, input).Policy = Checked(input.Required("Policy"));
        return [];
    }

    private JsonObject CreateGrant(Call call, JsonObject input)
    {
        var key = Own(call, input);
        var operations = JsonRule.Count("Operations", input.Strings("Operations"), 1, 50);
        var grant = new Grant(account.NewHex(64), input.Required("GranteePrincipal"), operations, account.Clock.Now);
        key.Grants.Add(grant);
        return new JsonObject { ["GrantId"] = grant.Id, ["GrantToken"] = grant.Id };
    }

    private JsonObject ListGrants(Call call, JsonObject input)
    {
        var key = _book.Get(call.Region, input.Required("KeyId"));
        return Page(
            input,
            "Grants",
            key.Grants,
            grant => new JsonObject
            {
                ["KeyId"] = key.Arn,
                ["GrantId"] = grant.Id,
                ["GranteePrincipal"] = grant.Grantee,
                ["Operations"] = new JsonArray([.. grant.Operations.Select(operation => (JsonNode)operation)]),
                ["CreationDate"] = grant.CreatedAt.ToEpochSeconds(),
            }
        );
    }

    // AWS's own keys can be looked at, not changed.
    private Key Own(Call call, JsonObject input) =>
        _book.Get(call.Region, input.Required("KeyId")) is { IsAwsManaged: false } key
            ? key
            : throw new CloudException("AccessDeniedException", "The operation is not permitted on an AWS managed key.");

    private static string Checked(string policy)
    {
        try
        {
            return JsonNode.Parse(policy) is JsonObject ? policy : throw Malformed();
        }
        catch (System.Text.Json.JsonException)
        {
            throw Malformed();
        }
    }

    private static CloudException Malformed() =>
        new("MalformedPolicyDocumentException", "The new key policy is not a JSON policy document.");

    private JsonObject Metadata(Key key)
    {
        var metadata = new JsonObject
        {
            ["AWSAccountId"] = account.Options.AccountId,
            ["KeyId"] = key.Id,
            ["Arn"] = key.Arn,
            ["CreationDate"] = key.CreatedAt.ToEpochSeconds(),
            ["Enabled"] = key.State == "Enabled",
            ["Description"] = key.Description,
            ["KeyUsage"] = key.Usage,
            ["KeyState"] = key.State,
            ["Origin"] = "AWS_KMS",
            ["KeyManager"] = key.IsAwsManaged ? "AWS" : "CUSTOMER",
            ["KeySpec"] = key.Spec,
            ["CustomerMasterKeySpec"] = key.Spec,
            ["MultiRegion"] = key.IsMultiRegion,
        };
        if (key.DeletedAt is { } at)
        {
            metadata["DeletionDate"] = at.ToEpochSeconds();
        }

        return metadata;
    }

    private static JsonObject Page<T>(JsonObject input, string list, IReadOnlyList<T> items, Func<T, JsonNode> render)
    {
        var page = JsonPage.Of(
            items,
            list,
            render,
            JsonRule.Range("Limit", input.Long("Limit"), 1, 1000) ?? PageSize,
            ("NextMarker", input.String("Marker")),
            () => new CloudException("InvalidMarkerException", "The marker that specifies where pagination should next begin is not valid.")
        );
        page["Truncated"] = page.ContainsKey("NextMarker");
        return page;
    }
}
