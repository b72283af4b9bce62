using BakeWorker.LocalCloud.Faults;
using BakeWorker.LocalCloud.Guests;
using BakeWorker.LocalCloud.Ssm.Agents;

namespace BakeWorker.LocalCloud.Ssm.Commands;

/// <summary>
/// The life of an invocation: delivery to the agent, the run in the guest, restarts the script asks for, timeouts and cancellation.
/// Everything here runs under the gate, except <see cref="RunAsync"/> while the guest works.
/// </summary>
internal sealed class CommandRunner(LocalCloudAccount account, IMachines machines, AgentRoster agents)
{
    /// <summary>The agent gives up on a script that still wants a restart after this many.</summary>
    public const int RebootLimit = 15;
    private static readonly TimeSpan Delivery = TimeSpan.FromSeconds(1);

    // The agent schedules the restart with "shutdown -r +1".
    private static readonly TimeSpan RebootDelay = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CancelDelay = TimeSpan.FromSeconds(1);

    public void Send(Command command)
    {
        foreach (var invocation in command.Invocations.Take(command.ConcurrencyLimit))
        {
            Dispatch(command, invocation);
        }
    }

    public void Cancel(Command command, Invocation invocation)
    {
        if (invocation.Status == "Pending")
        {
            End(command, invocation, "Cancelled", "Cancelled");
        }
        else if (invocation.Status == "InProgress")
        {
            invocation.RequestCancel();
            account.Clock.After(CancelDelay, () => Kill(command, invocation));
        }
    }

    private void Kill(Command command, Invocation invocation)
    {
        invocation.Kill();
        if (!invocation.IsDone && !invocation.IsInGuest && !invocation.IsLost)
        {
            End(command, invocation, "Cancelled", "Cancelled");
        }
    }

    private void Dispatch(Command command, Invocation invocation)
    {
        invocation.IsDispatched = true;
        account.Clock.After(Delivery, () => Deliver(command, invocation));
        account.Clock.AfterReal(
            command.DeliveryTimeout,
            () =>
            {
                if (invocation.Status == "Pending")
                {
                    End(command, invocation, "TimedOut", "DeliveryTimedOut");
                }
            }
        );
        account.Clock.AfterReal(command.DeliveryTimeout + command.ExecutionTimeout, () => Expire(command, invocation));
    }

    /// <summary>The agent never reported: after all its time has passed SSM says so in the words of a failed delivery.</summary>
    private void Expire(Command command, Invocation invocation)
    {
        if (!invocation.IsDone)
        {
            End(command, invocation, "TimedOut", "DeliveryTimedOut");
            invocation.Kill();
        }
    }

    private void Deliver(Command command, Invocation invocation)
    {
        if (invocation.Status != "Pending")
        {
            return;
        }

        if (invocation.Machine.IsGone)
        {
            End(command, invocation, "Failed", "Undeliverable");
        }
        else if (agents.OnlineSince(invocation.Machine) is null)
        {
            account.Clock.After(Tick, () => Deliver(command, invocation));
        }
        else if (account.Faults.Find(FaultKind.CommandLost, Subject(command)) is null)
        {
            invocation.IsUnreported = account.Faults.Find(FaultKind.CommandUnreported, Subject(command)) is not null;
            if (!invocation.IsUnreported)
            {
                invocation.Start(account.Clock.Now);
            }

            Run(command, invocation);
        }
    }

    private static FaultSubject Subject(Command command) => new(command.Region, "command", command.Comment);

    private void Run(Command command, Invocation invocation)
    {
        invocation.IsInGuest = true;
        account.Clock.Outside(() => _ = RunAsync(command, invocation));
    }

    private async Task RunAsync(Command command, Invocation invocation)
    {
        var machine = invocation.Machine;
        var isPowerShell = command.Document.StepFor(machine.IsWindows).Action == "aws:runPowerShellScript";
        var script = new GuestScript(command.Document.Script(command.Values, machine.IsWindows), command.ExecutionTimeout)
        {
            CommandId = command.Id,
            Comment = command.Comment,
            WorkingDirectory = command.Values["workingDirectory"],
            IsPowerShell = isPowerShell,
        };
        GuestExit exit;
        try
        {
            exit = await machine.Guest.RunAsync(script, invocation.Cancellation);
        }
        catch (OperationCanceledException) when (invocation.Cancellation.IsCancellationRequested)
        {
            exit = new GuestExit(-1, "", "");
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            exit = new GuestExit(-1, "", $"the guest could not run the script: {e.Message}\n");
        }

        lock (account.Gate)
        {
            OnExit(command, invocation, exit, isPowerShell);
        }
    }

    private void OnExit(Command command, Invocation invocation, GuestExit exit, bool isPowerShell)
    {
        invocation.IsInGuest = false;
        if (!invocation.IsUnreported)
        {
            invocation.Output.Append(exit.Output);
            invocation.ErrorOutput.Append(exit.ErrorOutput);
        }

        if (invocation.IsDone)
        {
            return;
        }

        if (invocation.Cancellation.IsCancellationRequested)
        {
            End(command, invocation, "Cancelled", "Cancelled");
        }
        else if (exit.Lost)
        {
            // Nobody is left to report: the invocation stays as it is until it expires.
            invocation.IsLost = true;
        }
        else if (exit.TimedOut)
        {
            End(command, invocation, "TimedOut", "ExecutionTimedOut", exit.ExitCode);
        }
        else if (exit.ExitCode == (isPowerShell ? 3010 : 194) && invocation.Reboots < RebootLimit)
        {
            invocation.Reboots++;
            account.Clock.After(RebootDelay, () => Reboot(command, invocation));
        }
        else if (exit.ExitCode == 0)
        {
            End(command, invocation, "Success", "Success", 0);
        }
        else
        {
            invocation.ErrorOutput.Append($"failed to run commands: exit status {exit.ExitCode}");
            End(command, invocation, "Failed", "Failed", exit.ExitCode);
        }
    }

    private void Reboot(Command command, Invocation invocation)
    {
        if (invocation.IsDone || !invocation.Machine.IsRunning)
        {
            return;
        }

        var before = invocation.Machine.BootedAt;
        machines.Reboot(invocation.Machine.Region, invocation.InstanceId);
        AwaitReboot(command, invocation, before);
    }

    private void AwaitReboot(Command command, Invocation invocation, DateTimeOffset? before)
    {
        if (invocation.IsDone || invocation.Machine.IsGone)
        {
            return;
        }

        if (invocation.Machine.BootedAt is { } booted && booted != before && agents.OnlineSince(invocation.Machine) is not null)
        {
            Run(command, invocation);
        }
        else
        {
            account.Clock.After(Tick, () => AwaitReboot(command, invocation, before));
        }
    }

    private void End(Command command, Invocation invocation, string status, string details, int responseCode = -1)
    {
        // What the guest did is known to the guest alone: SSM goes on waiting for a delivery.
        if (invocation.IsUnreported && details != "DeliveryTimedOut")
        {
            return;
        }

        invocation.End(account.Clock.Now, status, details, responseCode);
        var waiting = command.Invocations.Where(other => other is { IsDispatched: false, Status: "Pending" }).ToList();
        if (command.ErrorCount > command.ErrorLimit)
        {
            waiting.ForEach(other => other.End(account.Clock.Now, "Failed", "Terminated"));
        }
        else if (waiting.Count > 0 && command.Invocations.Count(other => other.IsDispatched && !other.IsDone) < command.ConcurrencyLimit)
        {
            Dispatch(command, waiting[0]);
        }
    }
}
