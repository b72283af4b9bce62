using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using BakeWorker.LocalCloud.Guests.Host;

namespace BakeWorker.LocalCloud.Guests.Vm;

/// <summary>A machine from one boot to its end: a process of QEMU, and the lines into it.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The machine's end disposes of its connection.")]
internal sealed class VmBoot : IGuestBoot
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan PressAgain = TimeSpan.FromSeconds(10);
    private readonly Process _process;
    private readonly StreamWriter _lifeline;
    private readonly MachineFolder _folder;
    private readonly VmGuestHost _host;
    private readonly TaskCompletionSource<BootEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<IAsyncDisposable> _around = [];
    private string _reason = "";
    private int _photographs;
    private Qmp? _qmp;
    private VmAgent? _agent;
    private Task _console = Task.CompletedTask;

    private VmBoot(Process process, MachineFolder folder, VmGuestHost host) =>
        (_process, _lifeline, _folder, _host) = (process, process.StandardInput, folder, host);

    public Task<BootEnd> Ended => _end.Task;

    public VmAgent Agent => _agent!;

    /// <summary>The host's id of QEMU's process, for tests.</summary>
    public int ProcessId => int.Parse(File.ReadAllText(_folder.File("qemu.pid")), CultureInfo.InvariantCulture);

    /// <summary>Starts the machine; <paramref name="around"/> ends with it.</summary>
    public static async Task<VmBoot> StartAsync(
        Machinery made,
        MachineFolder folder,
        VmGuestHost host,
        GuestConsole console,
        IEnumerable<IAsyncDisposable> around,
        CancellationToken ct
    )
    {
        var boot = new VmBoot(QemuProcess.Start(folder.Path, made.Accelerator, QemuCommand.Of(made)), folder, host);
        boot._around.AddRange(around);
        _ = boot.WatchAsync(console);
        try
        {
            await boot.ConnectAsync(console, ct);
            return boot;
        }
        catch (Exception exception) when (exception is GuestHostException or IOException or SocketException)
        {
            await boot.KillAsync();
            throw new GuestBootException($"{made.Spec.InstanceId} did not start: {boot._reason}", exception);
        }
        catch
        {
            await boot.KillAsync();
            throw;
        }
    }

    public async Task ReadyAsync(CancellationToken ct)
    {
        var limit = _host.Options.BootLimit;
        try
        {
            var first = await Task.WhenAny(Agent.Ready, Ended).WaitAsync(limit, _host.Time, ct);
            if (first == Ended)
            {
                throw new GuestBootException("the machine ended before its agent answered; its console says why");
            }
        }
        catch (TimeoutException exception)
        {
            throw new GuestBootException($"the machine's agent did not answer within {limit.TotalSeconds:0} s", exception);
        }
    }

    /// <summary>Presses the power button, and again, since a system that is still coming up does not hear it.</summary>
    public async Task StopAsync(bool restarts)
    {
        for (var waited = TimeSpan.Zero; waited < StopPatience && !Ended.IsCompleted; waited += PressAgain)
        {
            try
            {
                await _qmp!.CallAsync("system_powerdown", null, CancellationToken.None);
                await Ended.WaitAsync(PressAgain, _host.Time);
            }
            catch (Exception exception) when (exception is TimeoutException or GuestHostException)
            {
                // It shuts down, has just ended, or did not hear.
            }
        }

        await KillAsync();
    }

    public async Task KillAsync()
    {
        try
        {
            _lifeline.Close();
        }
        catch (IOException)
        {
            // The other end is gone, and that is what closing it is for.
        }

        await Ended;
    }

    /// <summary>What the screen shows, as QEMU writes it: a portable pixmap.</summary>
    public async Task<byte[]> PhotographAsync(CancellationToken ct)
    {
        var name = $"screen-{Interlocked.Increment(ref _photographs)}.ppm";
        try
        {
            await _qmp!.CallAsync("screendump", new JsonObject { ["filename"] = name }, ct);
            return await File.ReadAllBytesAsync(_folder.File(name), ct);
        }
        finally
        {
            File.Delete(_folder.File(name));
        }
    }

    private async Task ConnectAsync(GuestConsole console, CancellationToken ct)
    {
        _qmp = new Qmp(await _folder.ConnectAsync("qmp", Ended, _host.Time, ct), OnEvent);
        await _qmp.OpenAsync(ct);
        var line = await _folder.ConnectAsync("console", Ended, _host.Time, ct);
        _console = ShowAsync(line, console);
        _agent = await VmAgent.ConnectAsync(this, _folder, _host.Time, ct);
        await _qmp.CallAsync("cont", null, ct);
    }

    private static async Task ShowAsync(Stream stream, GuestConsole console)
    {
        try
        {
            using var reader = new StreamReader(stream);
            await console.ShowAsync(reader);
        }
        catch (IOException)
        {
            // The machine was cut off in the middle of a word.
        }
    }

    private void OnEvent(string name, JsonNode? data)
    {
        switch (name)
        {
            case "VSERPORT_CHANGE":
                _agent?.Turn(data!["id"]!.GetValue<string>(), data["open"]!.GetValue<bool>());
                break;
            case "SHUTDOWN":
                _reason = data!["reason"]!.GetValue<string>();
                break;
        }
    }

    private async Task WatchAsync(GuestConsole console)
    {
        var errors = await _process.StandardError.ReadToEndAsync(CancellationToken.None);
        await _process.WaitForExitAsync(CancellationToken.None);
        await (_qmp?.Ended ?? Task.CompletedTask);
        if (_reason.Length == 0)
        {
            _reason = errors.Trim().Length > 0 ? errors.Trim() : "it was cut off";
            console.WriteLine($"[vm] {_reason}");
        }

        await _console;
        _qmp?.Dispose();
        _agent?.Dispose();
        foreach (var thing in _around)
        {
            await thing.DisposeAsync();
        }

        _process.Dispose();
        _end.SetResult(
            _reason switch
            {
                "guest-shutdown" => BootEnd.PoweredOff,
                "guest-reset" => BootEnd.Restarts,
                _ => BootEnd.Died,
            }
        );
    }
}
