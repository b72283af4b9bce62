using System.Text.Json.Nodes;
using BakeWorker.LocalCloud.Ec2;
using BakeWorker.LocalCloud.Guests;
using BakeWorker.LocalCloud.Protocols;
using BakeWorker.LocalCloud.Ssm.Agents;
using BakeWorker.LocalCloud.Ssm.Commands;
using BakeWorker.LocalCloud.Ssm.Documents;
using BakeWorker.LocalCloud.Ssm.Parameters;

namespace BakeWorker.LocalCloud.Ssm;

/// <summary>SSM: Run Command, managed nodes and Parameter Store.</summary>
public sealed class SsmService : IJsonService
{
    private readonly LocalCloudAccount _account;
    private readonly AgentQueries _agents;
    private readonly SendCommand _send;
    private readonly CommandQueries _commands;
    private readonly ParameterStore _store;
    private readonly PutParameter _put;
    private readonly ParameterQueries _parameters;
    private readonly ParameterMetadata _metadata;
    private readonly ParameterChanges _changes;
    private readonly ParameterTags _tags;

    public SsmService(LocalCloudAccount account, IMachines machines)
    {
        _account = account;
        var roster = new AgentRoster(account, machines);
        var book = new CommandBook(account);
        var runner = new CommandRunner(account, machines, roster);
        _store = new ParameterStore(account, PublicParameters.For);
        _agents = new AgentQueries(account, roster);
        _send = new SendCommand(account, roster, book, runner, _store);
        _commands = new CommandQueries(account, book, runner);
        _put = new PutParameter(account, machines, _store);
        _parameters = new ParameterQueries(account, _store);
        _metadata = new ParameterMetadata(account, _store);
        _changes = new ParameterChanges(_store);
        _tags = new ParameterTags(_store);
    }

    public ValueTask<JsonObject> InvokeAsync(Call call, JsonObject input, CancellationToken ct)
    {
        lock (_account.Gate)
        {
            return new(Answer(call, input));
        }
    }

    /// <summary>The value of a parameter, own or published, for services that resolve one themselves; null when there is none.</summary>
    public ReadableParameter? FindParameter(string region, string nameAndSelector)
    {
        lock (_account.Gate)
        {
            return _store.FindReadable(region, nameAndSelector);
        }
    }

    /// <summary>The account's own parameters of data type <c>aws:ec2:image</c>, for those who ask what still points at an image.</summary>
    public IReadOnlyList<ReadableParameter> ListImageParameters(string region)
    {
        lock (_account.Gate)
        {
            return _store.Under(region, "/", recursive: true).Where(parameter => parameter.DataType == "aws:ec2:image").ToList();
        }
    }

    private JsonObject Answer(Call call, JsonObject input) =>
        call.Action switch
        {
            "SendCommand" => _send.Invoke(call, input),
            "GetCommandInvocation" => _commands.GetInvocation(call, input),
            "ListCommands" => _commands.ListCommands(call, input),
            "ListCommandInvocations" => _commands.ListInvocations(call, input),
            "CancelCommand" => _commands.Cancel(call, input),
            "DescribeInstanceInformation" => _agents.Describe(call, input),
            "DescribeDocument" => DocumentQueries.Describe(input),
            "GetDocument" => DocumentQueries.Get(input),
            "ListDocuments" => DocumentQueries.List(input),
            "PutParameter" => _put.Invoke(call, input),
            "GetParameter" => _parameters.Get(call, input),
            "GetParameters" => _parameters.GetMany(call, input),
            "GetParametersByPath" => _parameters.GetByPath(call, input),
            "GetParameterHistory" => _parameters.History(call, input),
            "DescribeParameters" => _metadata.Describe(call, input),
            "LabelParameterVersion" => _changes.Label(call, input),
            "UnlabelParameterVersion" => _changes.Unlabel(call, input),
            "DeleteParameter" => _changes.Delete(call, input),
            "DeleteParameters" => _changes.DeleteMany(call, input),
            "AddTagsToResource" => _tags.Add(call, input),
            "RemoveTagsFromResource" => _tags.Remove(call, input),
            "ListTagsForResource" => _tags.List(call, input),
            _ => throw CloudException.UnknownAction(call),
        };
}
