using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using BakeWorker.Aws.Errors;
using BakeWorker.Aws.Naming;
using BakeWorker.Aws.Resilience;
using BakeWorker.Aws.Telemetry;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using Command = BakeWorker.Core.Cloud.Command;
using SsmCommand = Amazon.SimpleSystemsManagement.Model.Command;

namespace BakeWorker.Aws.Ssm;

/// <summary>Run Command in one Region.</summary>
internal sealed class Commands(IAmazonSimpleSystemsManagement ssm, AwsOptions options, TimeProvider time) : ICommands
{
    private const int Page = 50;
    private const string ShellDocument = "AWS-RunShellScript";
    private const string PowerShellDocument = "AWS-RunPowerShellScript";

    // The moment is SSM's own, to the second: a shared read must not start after the first command it looks for.
    private static readonly TimeSpan Rounding = TimeSpan.FromSeconds(2);

    // A command whose guest went away is never seen to end. After so long it is looked up by itself, should anybody still wait for it.
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(1);
    private const int FewSent = 1_000;

    // What an attempt knows to have been sent, by instance: only what it does not know needs a look, or a send.
    private readonly ConditionalWeakTable<Bake, ConcurrentDictionary<InstanceId, ConcurrentDictionary<string, byte>>> _known = [];

    // When the commands that somebody waits for were sent: the shared read begins at the oldest of them.
    private readonly ConcurrentDictionary<CommandKey, DateTimeOffset> _sent = new();
    private int _mostSent = FewSent;

    public async Task<SentCommand> EnsureAsync(Bake bake, InstanceId instance, CommandOrder order, CancellationToken ct)
    {
        var comment = Names.Comment(bake.Id, order.Key);
        var ofBake = _known.GetValue(bake, _ => new());
        var isListed = ofBake.TryGetValue(instance, out var known);
        var command = isListed && !known!.ContainsKey(comment) ? null : await FindAsync(ofBake, instance, comment, ct);
        command ??= await SendAsync(instance, comment, order, ct);
        ofBake[instance].TryAdd(comment, 0);
        var sent = new SentCommand(
            new CommandKey(instance, command.CommandId),
            command.RequestedDateTime is { } requested ? new DateTimeOffset(requested.ToUniversalTime()) : time.GetUtcNow()
        );
        _sent[sent.Key] = sent.At;
        ForgetTheOldest();
        return sent;
    }

    public async Task<IReadOnlyDictionary<CommandKey, Command>> ReadAsync(IReadOnlyCollection<CommandKey> keys, CancellationToken ct)
    {
        using var quiet = AwsTelemetry.BeQuiet();
        var found = new Dictionary<CommandKey, Command>();
        if (keys.Count == 1)
        {
            // One by itself costs no more with its output, and spares the call that would fetch it.
            if (await FindResultAsync(keys.Single(), ct) is { } only)
            {
                found[only.Key] = only;
                Forget(only);
            }

            return found;
        }

        var known = keys.Where(_sent.ContainsKey).ToHashSet();
        if (known.Count > 0)
        {
            await ReadSinceAsync(known, found, ct);
        }

        foreach (var key in keys.Except(known))
        {
            Add(
                found,
                await ListAsync(new ListCommandInvocationsRequest { CommandId = key.CommandId, InstanceId = key.Instance.Value }, ct)
            );
        }

        foreach (var command in found.Values)
        {
            Forget(command);
        }

        return found;
    }

    private void Forget(Command command)
    {
        if (command.IsDone)
        {
            _sent.TryRemove(command.Key, out _);
        }
    }

    private void ForgetTheOldest()
    {
        if (_sent.Count <= _mostSent)
        {
            return;
        }

        foreach (var (key, at) in _sent)
        {
            if (time.GetUtcNow() - at > Remembered)
            {
                _sent.TryRemove(key, out _);
            }
        }

        // Looked through again only when it has doubled: it costs each command next to nothing.
        _mostSent = Math.Max(FewSent, 2 * _sent.Count);
    }

    public async Task<Command?> FindResultAsync(CommandKey key, CancellationToken ct)
    {
        try
        {
            var result = await ssm.GetCommandInvocationAsync(
                new GetCommandInvocationRequest { CommandId = key.CommandId, InstanceId = key.Instance.Value },
                ct
            );
            var command = new Command(key, CommandStates.From(result.Status?.Value, result.StatusDetails), result.StatusDetails ?? "")
            {
                HasOutput = true,
                ExitCode = result.ResponseCode ?? -1,
                Output = result.StandardOutputContent ?? "",
                ErrorOutput = result.StandardErrorContent ?? "",
            };
            var isScript = result.DocumentName is ShellDocument or PowerShellDocument;
            return command.IsDone && !isScript && command.Output.Length == 0 ? await WithPluginsAsync(command, ct) : command;
        }
        catch (BakeFailedException failure) when (failure.Is("InvocationDoesNotExist"))
        {
            return null;
        }
    }

    public async Task<IReadOnlyList<SentTask>> ListAsync(BakeId bake, InstanceId instance, CancellationToken ct)
    {
        using var quiet = AwsTelemetry.BeQuiet();
        var prefix = Names.Comment(bake, "");
        return
        [
            .. (await ListAsync(new ListCommandInvocationsRequest { InstanceId = instance.Value }, ct))
                .Where(invocation => invocation.Comment?.StartsWith(prefix, StringComparison.Ordinal) == true)
                .OrderBy(invocation => invocation.RequestedDateTime)
                .Select(invocation => new SentTask(
                    Key(invocation),
                    invocation.Comment[prefix.Length..],
                    CommandStates.From(invocation.Status?.Value, invocation.StatusDetails),
                    invocation.RequestedDateTime is { } at ? new DateTimeOffset(at.ToUniversalTime()) : null
                )),
        ];
    }

    public async Task RemoveAsync(CommandKey key, CancellationToken ct)
    {
        try
        {
            await ssm.CancelCommandAsync(new CancelCommandRequest { CommandId = key.CommandId, InstanceIds = [key.Instance.Value] }, ct);
        }
        // Ended, or never known: there is nothing left to cancel.
        catch (BakeFailedException failure) when (failure.Is("InvalidCommandId", "InvalidInstanceId")) { }
    }

    // A command that never ran is no answer: it is sent again under the same comment.
    private async Task<SsmCommand?> FindAsync(
        ConcurrentDictionary<InstanceId, ConcurrentDictionary<string, byte>> known,
        InstanceId instance,
        string comment,
        CancellationToken ct
    )
    {
        var commands = await Pages.ReadAllAsync<SsmCommand>(async token =>
        {
            var request = new ListCommandsRequest
            {
                InstanceId = instance.Value,
                MaxResults = Page,
                NextToken = token,
            };
            var page = await ssm.ListCommandsAsync(request, ct);
            return (page.Commands, page.NextToken);
        });
        known[instance] = new(
            commands.Select(command => command.Comment ?? "").Distinct().Select(sent => KeyValuePair.Create(sent, (byte)0))
        );
        return commands
            .Where(command => command.Comment == comment)
            .Where(command =>
                CommandStates.From(command.Status?.Value, command.StatusDetails) is not (CommandState.Undelivered or CommandState.Cancelled)
                && command.Status?.Value != "Cancelling"
            )
            .MinBy(command => command.RequestedDateTime);
    }

    private async Task<SsmCommand> SendAsync(InstanceId instance, string comment, CommandOrder order, CancellationToken ct)
    {
        var response = await ssm.SendCommandAsync(
            new SendCommandRequest
            {
                InstanceIds = [instance.Value],
                Comment = comment,
                DocumentName = order.Document ?? (order.IsWindows ? PowerShellDocument : ShellDocument),
                TimeoutSeconds = (int)options.DeliveryTimeout.TotalSeconds,
                Parameters = order.Document is null
                    ? new()
                    {
                        ["commands"] = [.. order.Script],
                        ["executionTimeout"] = [((int)Math.Ceiling(order.Timeout.TotalSeconds)).ToString(CultureInfo.InvariantCulture)],
                    }
                    : order.DocumentParameters.ToDictionary(pair => pair.Key, pair => new List<string> { pair.Value }),
            },
            ct
        );
        return response.Command;
    }

    private async Task ReadSinceAsync(HashSet<CommandKey> keys, Dictionary<CommandKey, Command> found, CancellationToken ct)
    {
        var since = keys.Min(key => _sent.GetValueOrDefault(key, time.GetUtcNow())) - Rounding;
        var filter = new CommandFilter
        {
            Key = CommandFilterKey.InvokedAfter,
            Value = since.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        };
        var invocations = await ListAsync(new ListCommandInvocationsRequest { Filters = [filter] }, ct);
        Add(found, invocations.Where(invocation => keys.Contains(Key(invocation))));
    }

    private Task<List<CommandInvocation>> ListAsync(ListCommandInvocationsRequest request, CancellationToken ct) =>
        Pages.ReadAllAsync<CommandInvocation>(async token =>
        {
            (request.MaxResults, request.NextToken) = (Page, token);
            var page = await ssm.ListCommandInvocationsAsync(request, ct);
            return (page.CommandInvocations, page.NextToken);
        });

    // A document of several steps has no output of its own, only that of each step.
    private async Task<Command> WithPluginsAsync(Command command, CancellationToken ct)
    {
        var (instance, id) = command.Key;
        var invocations = await ListAsync(
            new ListCommandInvocationsRequest
            {
                CommandId = id,
                InstanceId = instance.Value,
                Details = true,
            },
            ct
        );
        var plugins = invocations.SelectMany(invocation => invocation.CommandPlugins ?? []).ToList();
        return command with
        {
            Output = string.Join(
                '\n',
                plugins.Where(plugin => plugin.Output is { Length: > 0 }).Select(plugin => $"[{plugin.Name}]\n{plugin.Output}")
            ),
            ExitCode = command.ExitCode >= 0 ? command.ExitCode : plugins.Max(plugin => plugin.ResponseCode) ?? -1,
        };
    }

    private static void Add(Dictionary<CommandKey, Command> found, IEnumerable<CommandInvocation> invocations)
    {
        foreach (var invocation in invocations)
        {
            var state = CommandStates.From(invocation.Status?.Value, invocation.StatusDetails);
            found[Key(invocation)] = new Command(Key(invocation), state, invocation.StatusDetails ?? invocation.Status?.Value ?? "");
        }
    }

    private static CommandKey Key(CommandInvocation invocation) => new(new InstanceId(invocation.InstanceId), invocation.CommandId);
}
