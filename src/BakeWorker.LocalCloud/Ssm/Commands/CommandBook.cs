using System.Text.RegularExpressions;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Ssm.Commands;

/// <summary>Every command of the last thirty days, latest first. Call under the gate.</summary>
internal sealed partial class CommandBook(LocalCloudAccount account)
{
    private static readonly TimeSpan Retention = TimeSpan.FromDays(30);
    private readonly LinkedList<Command> _commands = new();
    private readonly Dictionary<string, Command> _byId = [];
    private readonly Dictionary<string, LinkedList<Command>> _byInstance = [];

    public void Add(Command command)
    {
        _commands.AddFirst(command);
        _byId[command.Id] = command;
        foreach (var invocation in command.Invocations)
        {
            ListOf(invocation.InstanceId).AddFirst(command);
        }

        while (_commands.Last is { Value: { IsDone: true } oldest } && account.Clock.Now - oldest.RequestedAt > Retention)
        {
            _commands.RemoveLast();
            _byId.Remove(oldest.Id);
            foreach (var invocation in oldest.Invocations)
            {
                Forget(invocation.InstanceId);
                invocation.Dispose();
            }
        }
    }

    /// <summary>The command, whether the read operations know of it yet or not.</summary>
    public Command? Find(string region, string id)
    {
        if (!IdPattern().IsMatch(id))
        {
            throw new CloudException("InvalidCommandId", $"The command ID {id} isn't valid.");
        }

        return _byId.GetValueOrDefault(id) is { } command && command.Region == region ? command : null;
    }

    /// <summary>What the read operations show: all, or what was sent to one instance.</summary>
    public IEnumerable<Command> List(string region, string? instance) =>
        (instance is null ? _commands : _byInstance.GetValueOrDefault(instance) ?? []).Where(command =>
            command.Region == region && command.VisibleAt <= account.Clock.Now
        );

    private LinkedList<Command> ListOf(string instance) =>
        _byInstance.TryGetValue(instance, out var list) ? list : _byInstance[instance] = new();

    private void Forget(string instance)
    {
        var list = _byInstance[instance];
        list.RemoveLast();
        if (list.Count == 0)
        {
            _byInstance.Remove(instance);
        }
    }

    [GeneratedRegex("^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")]
    private static partial Regex IdPattern();
}
