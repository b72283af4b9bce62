using Spectre.Console;

namespace BakeWorker.Simulation.Runs;

/// <summary>All reports in one table.</summary>
public sealed class Summary
{
    private readonly SortedDictionary<string, int> _outcomes = [];
    private readonly SortedDictionary<string, int> _failures = [];
    private readonly SortedDictionary<string, int> _faults = [];
    private readonly SortedDictionary<string, int> _troubles = [];
    private readonly SortedDictionary<string, int> _swept = [];
    private readonly List<SeedReport> _bad = [];
    private long _calls;
    private double _hours;

    public int Seeds { get; private set; }

    /// <summary>Seeds that broke an invariant.</summary>
    public IReadOnlyList<SeedReport> Bad => _bad;

    public void Add(SeedReport report)
    {
        Seeds++;
        _calls += report.Calls;
        _hours += report.Hours;
        Add(_outcomes, report.Outcomes);
        Add(_failures, report.Failures);
        Add(_faults, report.Faults);
        Add(_troubles, report.Troubles);
        Add(_swept, report.Swept);
        if (report.Violations.Count > 0)
        {
            _bad.Add(report);
        }
    }

    /// <summary>What was broken, and how to see it again.</summary>
    public IEnumerable<string> Complaints() =>
        _bad.OrderBy(report => report.Seed)
            .SelectMany(report => report.Violations.Select(violation => $"Seed {report.Seed}: {violation}\n    {Replay(report.Seed)}"));

    public void Print(IAnsiConsole console, TimeSpan processorTime)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("", "", "");
        table.AddRow("seeds", $"{Seeds:N0}", $"{_bad.Count} broke an invariant");
        table.AddRow("calls to AWS", $"{_calls:N0}", $"{_calls / Math.Max(1, Seeds):N0} for each seed");
        table.AddRow("virtual time", $"{_hours:N0} h", $"{_hours / Math.Max(1, Seeds):N1} h for each seed");
        table.AddRow(
            "processor time",
            $"{processorTime.TotalSeconds:N0} s",
            $"{processorTime.TotalMilliseconds / Math.Max(1, Seeds):N0} ms for each seed"
        );
        Rows(table, "results", _outcomes);
        Rows(table, "failures", _failures);
        Rows(table, "workers", _troubles);
        Rows(table, "swept", _swept);
        Rows(table, "faults", _faults);
        console.Write(table.HideHeaders());
    }

    private static string Replay(int seed) => $"replay: dotnet run --project tests/BakeWorker.Simulation -- --seed {seed}";

    private static void Rows(Table table, string what, SortedDictionary<string, int> counts)
    {
        table.AddEmptyRow();
        foreach (var (name, count) in counts)
        {
            table.AddRow(what, $"{count:N0}", name);
            what = "";
        }
    }

    private static void Add(SortedDictionary<string, int> sum, SortedDictionary<string, int> more)
    {
        foreach (var (name, count) in more)
        {
            sum[name] = sum.GetValueOrDefault(name) + count;
        }
    }
}
