using System.Globalization;
using System.Text.Json.Nodes;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Ssm.Commands;

/// <summary>Reading and cancelling of commands.</summary>
internal sealed class CommandQueries(LocalCloudAccount account, CommandBook book, CommandRunner runner)
{
    public JsonObject GetInvocation(Call call, JsonObject input)
    {
        var command = book.Find(call.Region, input.Required("CommandId"));
        var id = input.Required("InstanceId");
        var step = input.String("PluginName") is { Length: > 0 } name ? name : null;
        if (
            command is null
            || command.VisibleAt > account.Clock.Now
            || command.Invocations.FirstOrDefault(one => one.InstanceId == id) is not { } found
        )
        {
            throw new CloudException(
                "InvocationDoesNotExist",
                "The command ID and managed node ID you specified didn't match any invocations."
            );
        }

        return step is null || command.Document.Steps.Any(one => one.Name == step)
            ? CommandRendering.Details(command, found, step)
            : throw new CloudException("InvalidPluginName", $"The plugin name {step} isn't valid.");
    }

    public JsonObject ListCommands(Call call, JsonObject input)
    {
        var matches = Filters(input);
        var commands = Select(call, input)
            .Where(command => input.String("InstanceId") is not { } id || command.Invocations.Any(one => one.InstanceId == id))
            .Where(command => matches(command, command.State));
        return Page(input, commands, "Commands", CommandRendering.Command);
    }

    public JsonObject ListInvocations(Call call, JsonObject input)
    {
        var matches = Filters(input);
        var withPlugins = input.Bool("Details") ?? false;
        var rows = Select(call, input)
            .SelectMany(command => command.Invocations.Select(invocation => (Command: command, Invocation: invocation)))
            .Where(row => input.String("InstanceId") is not { } id || row.Invocation.InstanceId == id)
            .Where(row => matches(row.Command, (row.Invocation.Status, row.Invocation.StatusDetails)));
        return Page(input, rows, "CommandInvocations", row => CommandRendering.Row(row.Command, row.Invocation, withPlugins));
    }

    /// <summary>Best effort: what has ended stays as it is.</summary>
    public JsonObject Cancel(Call call, JsonObject input)
    {
        var command =
            book.Find(call.Region, input.Required("CommandId"))
            ?? throw new CloudException("InvalidCommandId", "The specified command ID isn't valid.");
        var ids = input.Strings("InstanceIds");
        if (ids.FirstOrDefault(id => command.Invocations.All(one => one.InstanceId != id)) is { } stranger)
        {
            throw new CloudException("InvalidInstanceId", $"The command was not sent to {stranger}.");
        }

        foreach (
            var invocation in command
                .Invocations.Where(one => ids.Count == 0 || ids.Contains(one.InstanceId, StringComparer.Ordinal))
                .ToList()
        )
        {
            runner.Cancel(command, invocation);
        }

        return [];
    }

    private IEnumerable<Command> Select(Call call, JsonObject input)
    {
        if (input.String("CommandId") is not { } id)
        {
            return book.List(call.Region, input.String("InstanceId"));
        }

        return book.Find(call.Region, id) is { } command && command.VisibleAt <= account.Clock.Now ? [command] : [];
    }

    private static Func<Command, (string Status, string Details), bool> Filters(JsonObject input)
    {
        var filters = JsonRule
            .Count("Filters", input.Objects("Filters"), 0, 5)
            .Select(filter => Filter(filter.Required("key"), filter.Required("value")))
            .ToList();
        return (command, state) => filters.TrueForAll(filter => filter(command, state));
    }

    private static Func<Command, (string Status, string Details), bool> Filter(string key, string value)
    {
        switch (key)
        {
            case "InvokedAfter":
                var after = Moment(value);
                return (command, _) => command.RequestedAt > after;
            case "InvokedBefore":
                var before = Moment(value);
                return (command, _) => command.RequestedAt < before;
            case "Status":
                return (_, state) => state.Status == value || state.Details == value;
            case "DocumentName":
                return (command, _) => command.Document.Name == value;
            case "ExecutionStage":
                JsonRule.OneOf("value", value, "Executing", "Complete");
                return (command, _) => command.IsDone == (value == "Complete");
            default:
                throw new CloudException("InvalidFilterKey", $"The filter key {key} isn't valid.");
        }
    }

    private static DateTimeOffset Moment(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? moment
            : throw JsonRule.Violated(text, "value", "Member must be a date such as 2026-07-07T00:00:00Z");

    private static JsonObject Page<T>(JsonObject input, IEnumerable<T> items, string name, Func<T, JsonNode> render) =>
        JsonPage.Of(
            items,
            name,
            render,
            JsonRule.Range("MaxResults", input.Long("MaxResults"), 1, 50) ?? 50,
            ("NextToken", input.String("NextToken")),
            () => new CloudException("InvalidNextToken", "The specified token isn't valid.")
        );
}
