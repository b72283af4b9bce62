using BakeWorker.Core.Bakes;
using BakeWorker.Core.Recipes;
using BakeWorker.Core.Waiting;

namespace BakeWorker.Core.Pipeline.Stages;

/// <summary>Waits until the builder's agent takes commands.</summary>
public sealed class AwaitAgent(Watchers watchers, GuestShell shell) : IStage<Builder, OnlineBuilder>
{
    public string Name => "await-agent";

    public TimeSpan Budget(Bake bake) => bake.Recipe.Boot.AgentWithin;

    public async Task<OnlineBuilder> RunAsync(BakeRun run, Builder builder, CancellationToken ct)
    {
        var id = builder.Instance.Id;
        var agent = await shell.WhileAliveAsync(
            builder.Instance,
            token => watchers.Home.Agents.WaitAsync(id, shell.Launched(run.Bake, builder.Instance), seen => seen.IsOnline, token),
            ct
        );
        run.Note(Name, $"agent {agent.Version} on {agent.Platform}");
        return new OnlineBuilder(builder);
    }

    public BakeFailedException TimedOut(BakeRun run, Builder builder) =>
        Failures.AgentSilent("builder", builder.Instance.Id, Budget(run.Bake), run.Bake.Recipe.Builder.Agent == AgentSource.Install);
}
