using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Pipeline;

/// <summary>The scripts that every bake runs, whatever its recipe: embedded from <c>Pipeline/Scripts</c>.</summary>
public static partial class BuiltInScripts
{
    /// <summary>The longest a sweep for secrets may take: one that did not end says nothing.</summary>
    public static readonly TimeSpan HygieneLimit = TimeSpan.FromMinutes(15);

    /// <summary>What an inventory ends with when there is a further part.</summary>
    public const string MoreInventory = "(more)";

    private static readonly ConcurrentDictionary<string, string> Known = new();

    public static GuestTask Inventory(Platform platform, string when, int part = 1) =>
        new(part == 1 ? $"inventory/{when}" : $"inventory/{when}/{part}", TimeSpan.FromMinutes(5))
        {
            Script = Read("inventory", platform),
            Environment = new Dictionary<string, string> { ["PART"] = part.ToString(CultureInfo.InvariantCulture) },
            IsRead = true,
        };

    /// <summary>The longest the search for pending updates may take.</summary>
    public static readonly TimeSpan UpdatesLimit = TimeSpan.FromMinutes(20);

    /// <param name="environment">What the recipe tells its own patch steps.</param>
    public static GuestTask Updates(Platform platform, IReadOnlyDictionary<string, string> environment) =>
        new("updates", UpdatesLimit)
        {
            Script = Read("updates", platform),
            Environment = environment,
            IsRead = true,
        };

    public static GuestTask HygieneOnBuilder(Platform platform, HygieneSpec hygiene, DateOnly today) =>
        Hygiene("builder", platform, hygiene, today);

    /// <param name="launched">What is older than this came with the image. Linux knows it from its first process.</param>
    public static GuestTask HygieneOnTester(Platform platform, HygieneSpec hygiene, DateOnly today, DateTimeOffset? launched) =>
        Hygiene("tester", platform, hygiene, today, platform == Platform.Windows ? launched : null);

    /// <summary>Null where there is nothing to check but that it came up: on Windows.</summary>
    public static GuestTask? BootChecks(Recipe recipe, int boot) =>
        recipe.Platform == Platform.Windows
            ? null
            : new($"checks/{boot}", TimeSpan.FromMinutes(10))
            {
                Script = Read("boot-checks", recipe.Platform),
                Environment = Contract(recipe.Boot),
                IsRead = true,
            };

    /// <summary>What a Linux instance can say of why its boot test failed.</summary>
    public static readonly GuestTask BootEvidence = new("evidence", TimeSpan.FromMinutes(2))
    {
        Script = Read("boot-evidence", Platform.Linux),
        IsRead = true,
    };

    /// <summary>The script that runs a tool and tells its score.</summary>
    public static string Text(Gate gate) => Read($"gate-{gate.ToString().ToLowerInvariant()}", Platform.Linux);

    /// <summary>What the script of a gate must find in its environment.</summary>
    public static IReadOnlyList<string> Needs(Gate gate) =>
        gate switch
        {
            Gate.OpenScap => ["CONTENT", "PROFILE"],
            Gate.Goss => ["GOSS_FILE"],
            _ => [],
        };

    /// <summary>A script that does nothing.</summary>
    public static string Nothing(Platform platform) => platform == Platform.Windows ? "exit 0\n" : "#!/bin/sh\nexit 0\n";

    public static GuestTask Seal(Platform platform, TimeSpan delay) =>
        new("seal", TimeSpan.FromMinutes(5))
        {
            Script = Read("seal", platform),
            Environment = new Dictionary<string, string>
            {
                ["SEAL_DELAY"] = delay.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture),
            },
        };

    /// <summary>
    /// User data: a timer in the guest that powers it off at <paramref name="end"/> whoever is left, and, where the base has none, the SSM agent
    /// from the package that <paramref name="agent"/> vouches for.
    /// </summary>
    public static string UserData(Platform platform, DateTimeOffset end, AgentPackage? agent)
    {
        var timer = Read("orphan-timer", platform)
            .Replace("@ORPHAN_END@", end.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        var install = agent is null ? "" : InstallAgent(platform, agent);
        return platform == Platform.Windows ? $"<powershell>\n{timer}{install}</powershell>\n" : timer + install;
    }

    /// <summary>The second part of the user data, as a script of its own.</summary>
    public static string InstallAgent(Platform platform, AgentPackage agent) =>
        Read("install-agent", platform)
            .Replace("@SSM_AGENT_KEY@", Convert.ToBase64String(Encoding.UTF8.GetBytes(agent.SigningKey)), StringComparison.Ordinal)
            .Replace("@SSM_AGENT_SHA256@", agent.Sha256, StringComparison.Ordinal)
            .Replace("@SSM_AGENT_VERSION@", agent.Version, StringComparison.Ordinal);

    // What is allowed is left out in the guest, so that it takes no room in the output; what it was is read only where something is allowed.
    private static GuestTask Hygiene(string where, Platform platform, HygieneSpec hygiene, DateOnly today, DateTimeOffset? launched = null)
    {
        var environment = new Dictionary<string, string>
        {
            ["ALLOWED"] = string.Join('\n', hygiene.HoldingOn(today).Select(allowance => $"{allowance.Rule} {allowance.Path}")),
        };
        if (launched is { } at)
        {
            environment["LAUNCHED"] = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        }

        return new($"hygiene/{where}", HygieneLimit)
        {
            Script = Read($"hygiene-{where}", platform),
            IsRead = hygiene.Allowances.Count > 0,
            Environment = environment,
        };
    }

    private static Dictionary<string, string> Contract(BootSpec boot)
    {
        var asked = new Dictionary<string, string> { ["MAY_FAIL"] = string.Join(' ', boot.MayFail) };
        if (boot.StartupWithin is { } limit)
        {
            asked["STARTUP_SECONDS"] = ((long)limit.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        if (boot.Ports is { } ports)
        {
            (asked["EXPECT_PORTS"], asked["ALLOW_PORTS"]) = (string.Join(' ', ports.Expect), string.Join(' ', ports.Allow));
        }

        asked["SYSCTL"] = string.Join('\n', boot.Sysctl.Select(setting => $"{setting.Key} {setting.Value}"));
        asked["SSHD"] = string.Join('\n', boot.Sshd.Select(setting => $"{setting.Key} {setting.Value}"));
        return asked;
    }

    private static string Read(string name, Platform platform) => Whole($"{name}.{(platform == Platform.Windows ? "ps1" : "sh")}");

    // A script travels alone, so what two of them share is put in where they would load it.
    private static string Whole(string file) => Known.GetOrAdd(file, static wanted => SharedLine().Replace(Read(wanted), Shared));

    private static string Shared(Match line) => Whole(line.Groups["file"].Value);

    private static string Read(string file)
    {
        using var stream =
            typeof(BuiltInScripts).Assembly.GetManifestResourceStream($"BakeWorker.Scripts.{file}")
            ?? throw new InvalidOperationException($"The built-in script {file} is missing from the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    [GeneratedRegex("""^\. "\$.*/(?<file>[a-z-]+\.(sh|ps1))"$""", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex SharedLine();
}
