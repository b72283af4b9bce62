using System.Text;

namespace BakeWorker.LocalCloud.Guests.Scripted;

/// <summary>A computer that only answers what its scenario says.</summary>
public sealed class ScriptedGuest : IGuest
{
    private const int KilledByTimeout = 137;

    /// <summary>A grey square: a whole JPEG in as few bytes as it takes.</summary>
    private static readonly byte[] Screen = Convert.FromBase64String(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQ"
            + "EBAQEBAQH/wAALCAAIAAgBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAAP/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AP//Z"
    );
    private readonly ScriptedGuestHost _host;
    private readonly IReadOnlyList<GuestRule> _rules;
    private readonly Lock _lock = new();
    private readonly StringBuilder _console = new();
    private readonly ScriptedMarkers _markers = new();
    private bool _agentInstalled;
    private bool _agentLost;
    private DateTimeOffset _agentSince;
    private PackageList? _packages;
    private ScriptedSession? _session;

    internal ScriptedGuest(ScriptedGuestHost host, GuestSpec spec)
    {
        (_host, Spec) = (host, spec);
        _rules = host.Scenario.Find(spec);
        var disk = host.Disks.Find(spec.DiskId);
        _agentInstalled = First(rule => rule.Agent) ?? ((disk?.HasAgent ?? true) || spec.InstallsAgent);
        _packages = _rules.FirstOrDefault(rule => rule.PackageList is not null)?.PackageList ?? disk?.Packages;
    }

    public event EventHandler? PoweredOff;

    public GuestSpec Spec { get; }
    public bool IsOn => _session is { IsUp: true };
    public bool HasAgent => _agentInstalled && !_agentLost && _host.Time.GetUtcNow() >= _agentSince;

    /// <summary>How often it came up.</summary>
    public int Boots { get; private set; }

    public async Task BootAsync(CancellationToken ct)
    {
        var session = StartSession();
        Print($"[    0.000000] Booting {Spec.DiskId} as {Spec.InstanceId}");
        if (_rules.Any(rule => rule.IsBootHanging))
        {
            await session.DelayAsync(Timeout.InfiniteTimeSpan, ct);
        }

        await session.DelayAsync(First(rule => rule.BootDuration) ?? _host.Scenario.BootDuration, ct);
        if (_rules.FirstOrDefault(rule => rule.BootFailure is not null) is { BootFailure: { } failure })
        {
            Print(failure);
            throw new GuestBootException(failure);
        }

        Print(_rules.FirstOrDefault(rule => rule.ConsoleText is not null)?.ConsoleText);
        Print($"{Spec.InstanceId} login:");
        lock (_lock)
        {
            session.IsUp = true;
            if (++Boots == 1 && First(rule => rule.AgentDelay) is { } delay)
            {
                _agentSince = _host.Time.GetUtcNow() + delay;
            }
        }
    }

    public Task RebootAsync(CancellationToken ct)
    {
        Print("reboot: Restarting system");
        EndSession();
        return BootAsync(ct);
    }

    public Task PowerOffAsync(CancellationToken ct)
    {
        Print("reboot: Power down");
        EndSession();
        return Task.CompletedTask;
    }

    public async Task<GuestExit> RunAsync(GuestScript script, CancellationToken ct)
    {
        if (_session is not { IsUp: true } session || !HasAgent)
        {
            return new GuestExit(-1, "", "") { Lost = true };
        }

        return _host.Scenario.Marker(script) is { } marker
            ? await _markers.RunAsync(marker, () => ExecuteAsync(script, session, ct), () => Saw(script, isRepeat: true), ct)
            : await ExecuteAsync(script, session, ct);
    }

    private async Task<GuestExit> ExecuteAsync(GuestScript script, ScriptedSession session, CancellationToken ct)
    {
        if (_session != session)
        {
            return new GuestExit(-1, "", "") { Lost = true };
        }

        Saw(script, isRepeat: false);
        var rule = _host.Scenario.Find(Spec, script);
        var duration = rule?.Duration ?? _host.Scenario.CommandDuration;
        var timesOut = rule is { IsHanging: true } || duration > script.Timeout;
        try
        {
            await session.DelayAsync(timesOut ? script.Timeout : duration, ct);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new GuestExit(-1, rule?.Output ?? "", rule?.ErrorOutput ?? "") { Lost = true };
        }

        if (rule is { IsLosingAgent: true })
        {
            _agentLost = true;
            return new GuestExit(-1, "", "") { Lost = true };
        }

        return timesOut
            ? new GuestExit(KilledByTimeout, rule?.Output ?? "", rule?.ErrorOutput ?? "", TimedOut: true)
            : End(script, rule, session);
    }

    public Task CaptureAsync(string diskId, CancellationToken ct)
    {
        lock (_lock)
        {
            _host.Disks.Put(diskId, new ScriptedDisk(_agentInstalled, _packages));
        }

        return Task.CompletedTask;
    }

    public Task<byte[]?> PhotographAsync(CancellationToken ct) => Task.FromResult<byte[]?>(Screen);

    public Task<string> ReadConsoleAsync(CancellationToken ct)
    {
        lock (_lock)
        {
            return Task.FromResult(_console.ToString());
        }
    }

    public Task<PackageList?> ReadPackagesAsync(CancellationToken ct) => Task.FromResult(_packages);

    /// <summary>Puts this package list in place of what the guest has.</summary>
    public void Install(PackageList packages) => _packages = packages;

    /// <summary>The power button, or the guest's own decision: whoever listens to <see cref="PoweredOff"/> hears of it.</summary>
    public void PowerOffItself()
    {
        if (EndSession())
        {
            Print("reboot: Power down");
            PoweredOff?.Invoke(this, EventArgs.Empty);
        }
    }

    public ValueTask DisposeAsync()
    {
        EndSession();
        return ValueTask.CompletedTask;
    }

    private void Saw(GuestScript script, bool isRepeat) =>
        _host.Saw(new SeenCommand(Spec, script, _host.Time.GetUtcNow()) { IsRepeat = isRepeat });

    private GuestExit End(GuestScript script, CommandRule? rule, ScriptedSession session)
    {
        if (rule?.TakeReboot(Spec.InstanceId, script.CommandId) == true)
        {
            return new GuestExit(script.IsPowerShell ? 3010 : 194, rule.Output, rule.ErrorOutput);
        }

        var exit = rule?.Answer?.Invoke(script) ?? new GuestExit(rule?.ExitCode ?? 0, rule?.Output ?? "", rule?.ErrorOutput ?? "");
        if (exit.ExitCode == 0 && rule is { Installed.Count: > 0 } && _packages is not null)
        {
            _packages = _packages.With(rule.Installed);
        }

        var seals = exit.ExitCode == 0 && script.Comment.Contains("seal", StringComparison.Ordinal);
        if (rule is not { IsStayingOn: true } && (rule?.PowerOffDelay ?? (seals ? _host.Scenario.SealDelay : null)) is { } delay)
        {
            _ = PowerOffLaterAsync(delay, session);
        }

        return exit is { ExitCode: 0, Output: "" } && script.Comment.Contains("inventory", StringComparison.Ordinal)
            ? exit with
            {
                Output = ScriptedInventory.Print(_packages),
            }
            : exit;
    }

    private async Task PowerOffLaterAsync(TimeSpan delay, ScriptedSession session)
    {
        try
        {
            // Even without a delay the command's answer leaves first; a power-off that races it would lose it.
            await session.DelayAsync(delay > TimeSpan.Zero ? delay : TimeSpan.FromMilliseconds(1), CancellationToken.None);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        PowerOffItself();
    }

    private ScriptedSession StartSession()
    {
        EndSession();
        lock (_lock)
        {
            _agentLost = false;
            return _session = new ScriptedSession(_host.Time);
        }
    }

    private bool EndSession()
    {
        ScriptedSession? session;
        lock (_lock)
        {
            (session, _session) = (_session, null);
        }

        session?.Dispose();
        return session is not null;
    }

    private void Print(string? line)
    {
        if (line is not null)
        {
            lock (_lock)
            {
                _console.Append(line).Append('\n');
            }
        }
    }

    private T? First<T>(Func<GuestRule, T?> ask)
        where T : struct => _rules.Select(ask).FirstOrDefault(answer => answer is not null);
}
