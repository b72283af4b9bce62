using System.Xml.Linq;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Ec2;

/// <summary>One call of an action in one Region. Runs under the gate.</summary>
internal sealed record Ec2Call(Ec2State State, Ec2Region Region, QueryInput Input)
{
    public LocalCloudAccount Account => State.Account;
    public string OwnerId => State.Account.Options.AccountId;
    public DateTimeOffset Now => State.Account.Clock.Now;

    public string NewId(string prefix) => Ec2Ids.New(State.Account, prefix);

    public string Arn(string kind, string id) => $"arn:aws:ec2:{Region.Name}:{OwnerId}:{kind}/{id}";

    /// <summary>Ends a dry run that found nothing wrong.</summary>
    public void EndDryRun()
    {
        if (Input.Bool("DryRun"))
        {
            throw Ec2Errors.DryRun();
        }
    }
}

/// <summary>Answers the children of the response element.</summary>
internal delegate IEnumerable<XElement> Ec2Action(Ec2Call call);
