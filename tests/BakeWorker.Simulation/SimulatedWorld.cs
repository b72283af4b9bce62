using BakeWorker.LocalCloud;
using BakeWorker.LocalCloud.Faults;
using BakeWorker.LocalCloud.Guests;
using BakeWorker.LocalCloud.Guests.Scripted;
using BakeWorker.Simulation.Guests;
using BakeWorker.Simulation.Invariants;
using BakeWorker.Simulation.Runs;
using BakeWorker.Simulation.Schedules;
using BakeWorker.Testing;
using LocalAccount = BakeWorker.LocalCloud.LocalCloud;

namespace BakeWorker.Simulation;

/// <summary>What a seed plays in: one account, one clock, guests with the fates of their bakes, and somebody who looks on.</summary>
internal sealed class SimulatedWorld : IAsyncDisposable
{
    public const string Home = "eu-west-1";
    public const string Requests = "bake-requests";
    public const string DeadRequests = "bake-requests-dead";
    public const string Results = "bake-results";
    public const string Proofs = "bake-proofs";
    private const string Spectator = "AKIALOCALCLOUD000000";

    public SimulatedWorld(Schedule schedule, Action<string>? story)
    {
        (Schedule, Story, Report) = (schedule, story, new SeedReport { Seed = schedule.Seed });
        var scripted = new ScriptedGuestHost(Time);
        Guests = new JournalledGuests(scripted);
        Cloud = new LocalAccount(new LocalCloudOptions { Seed = schedule.Seed, Speed = 15 }, Time, Guests);
        Clients = new LocalCloudClients(Cloud, Home);
        Allowances = new Allowances(Time, schedule.Budgets, violation => Refuse(violation));
        Start = Time.GetUtcNow();
        Cloud.Faults.Mix = new FaultMix(schedule.Seed, schedule.Rates) { Spares = operation => operation.Caller == Spectator };
        foreach (var order in schedule.Orders)
        {
            Decide(scripted.Scenario, order);
        }
    }

    public static string Recipes { get; } = Path.Combine(AppContext.BaseDirectory, "Recipes");

    public Schedule Schedule { get; }
    public SeedReport Report { get; }

    /// <summary>Hears everything that happens; null when nobody wants to.</summary>
    public Action<string>? Story { get; }
    public VirtualTime Time { get; } = new();
    public DateTimeOffset Start { get; }
    public JournalledGuests Guests { get; }
    public LocalAccount Cloud { get; }
    public LocalCloudClients Clients { get; }
    public Allowances Allowances { get; }

    /// <summary>Hears what must never be.</summary>
    public Action<string> Refuse { get; set; } = _ => { };

    /// <summary>The time since the start, for people.</summary>
    public string Clock => $"{Time.GetUtcNow() - Start:hh\\:mm\\:ss\\.fff}";

    public void Tell(string text) => Story?.Invoke($"{Clock} {text}");

    public static bool IsSpectator(Operation operation) => operation.Caller == Spectator;

    public ValueTask DisposeAsync()
    {
        Clients.Dispose();
        return Cloud.DisposeAsync();
    }

    private static void Decide(Scenario scenario, Order order)
    {
        CommandRule On(string key, int seconds) => scenario.Command($"bakeworker/{order.Id}/{key}").Takes(TimeSpan.FromSeconds(seconds));

        On("step/patch/*", 20);
        On("step/install/*", 12);
        On("step/cleanup/*", 10);
        _ = order.Fate switch
        {
            Fate.Flaky => On("step/patch/1", 12).Fails(100),
            Fate.Reboots => On("step/patch/*", 15).AsksForReboot(),
            Fate.Vulnerable => On("step/install/*", 12).Installs(new Package("openssh-server", "1:9.6p1-3ubuntu13", "openssh", "amd64")),
            Fate.StepFails => On("step/install/*", 12).Fails(3),
            Fate.StepHangs => On("step/install/*", 12).Hangs(),
            Fate.HygieneFails => On("hygiene/builder", 10).Fails(20),
            Fate.TestFails => On("test/*", 10).Fails(1),
            _ => null,
        };
    }
}
