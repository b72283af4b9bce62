using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Tests.Scripts;

/// <summary>The boot checks on a machine of stand-ins: a process 1, its units, its sockets and its settings.</summary>
public sealed class BootChecksTests : IDisposable
{
    private const string Head = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
    private readonly Programs programs = new();

    public BootChecksTests()
    {
        foreach (var tool in (string[])["ls", "ssh-keygen"])
        {
            programs.Link(tool);
        }

        Proc("1/comm", "systemd\n");
        Proc("1/uid_map", "         0          0 4294967295\n");
        Proc("1/stat", "1 (systemd) S 0 1 1 0 -1 4194560 0 0 0 0 0 0 0 0 20 0 1 0 14 0 0\n");
        Proc("sys/kernel/random/boot_id", "11111111-2222-3333-4444-555555555555\n");
        Proc("sys/net/ipv4/ip_local_port_range", "32768\t60999\n");
        foreach (var kind in (string[])["tcp", "tcp6", "udp", "udp6"])
        {
            Proc($"net/{kind}", Head);
        }

        Systemctl("running", failed: "", finished: "12345678");
    }

    public void Dispose() => programs.Dispose();

    [Fact]
    public void Boot_ThatWentWell_PassesWhatIsAsked_AndNamesItself()
    {
        var run = Run(new BootSpec { StartupWithin = TimeSpan.FromSeconds(90) });

        run.Lines.Should()
            .Equal(
                "boot\t11111111-2222-3333-4444-555555555555 14",
                "check\tfailed-units\tpassed\t",
                "check\tstartup\tpassed\ttook 12 s of at most 90 s"
            );
        run.ExitCode.Should().Be(0);
    }

    [Fact]
    public void Unit_Failed_Fails_UnlessItMay()
    {
        Systemctl("degraded", failed: "app.service loaded failed failed App\nfwupd.service loaded failed failed Fw", finished: "1");

        Run(new BootSpec()).Lines[1].Should().Be("check\tfailed-units\tfailed\tfailed: app.service fwupd.service");
        Run(new BootSpec { MayFail = ["fwupd.service"] }).Lines[1].Should().Be("check\tfailed-units\tfailed\tfailed: app.service");
        var both = Run(new BootSpec { MayFail = ["fwupd.service", "app.service"] });
        both.Lines[1].Should().Be("check\tfailed-units\tpassed\tallowed: app.service fwupd.service");
        both.ExitCode.Should().Be(0);
    }

    [Theory]
    [InlineData("maintenance")]
    [InlineData("stopping")]
    [InlineData("")]
    [InlineData("something-new")]
    public void System_InAnotherState_Fails(string state)
    {
        Systemctl(state, failed: "", finished: "1");

        Run(new BootSpec()).ExitCode.Should().Be(20);
    }

    [Theory]
    [InlineData("91000000", "took 91 s of at most 90 s")]
    [InlineData("0", "systemd does not say")]
    [InlineData("", "systemd does not say")]
    public void Startup_TooLongOrUnknown_Fails(string finished, string said)
    {
        Systemctl("running", failed: "", finished);

        Run(new BootSpec { StartupWithin = TimeSpan.FromSeconds(90) }).Lines[2].Should().StartWith("check\tstartup\tfailed\t" + said);
    }

    [Fact]
    public void Ports_OnTheListAndOnLoopback_Pass()
    {
        Proc("net/tcp", Head + Socket("00000000:0016", "0A") + Socket("0100007F:0277", "0A") + Socket("0A00000A:0016", "01"));
        Proc(
            "net/tcp6",
            Head + Socket("00000000000000000000000000000000:0016", "0A") + Socket("00000000000000000000000001000000:0277", "0A")
        );
        Proc("net/udp", Head + Socket("0A00000A:0044", "07") + Socket("00000000:C001", "07") + Socket("0100007F:0143", "07"));

        var run = Run(Ports(["tcp/22"], ["udp/68", "udp/546"]));

        run.Lines[2].Should().StartWith("check\tports\tpassed\ttcp/22 udp/68");
        run.ExitCode.Should().Be(0);
    }

    [Fact]
    public void Ports_MoreOrFewerThanListed_Fail()
    {
        Proc("net/tcp6", Head + Socket("00000000000000000000000000000000:1F90", "0A"));
        Proc("net/udp", Head + Socket("00000000:006F", "07"));

        Run(Ports(["tcp/22"], ["tcp/443"]))
            .Lines[2]
            .Should()
            .Be("check\tports\tfailed\tnot on the list: tcp/8080 udp/111; nobody listens on: tcp/22");
    }

    [Fact]
    public void Ports_AnEmptyList_AllowsNobody()
    {
        Proc("net/tcp", Head + Socket("00000000:0016", "0A"));

        Run(Ports([], [])).Lines[2].Should().Be("check\tports\tfailed\tnot on the list: tcp/22");
    }

    [Fact]
    public void Sysctl_ReadFromTheKernel_MustBeAsWritten()
    {
        Proc("sys/kernel/kptr_restrict", "2\n");
        Proc("sys/net/ipv4/ip_forward", "1\n");
        Proc("sys/net/ipv4/conf/eth0.1/rp_filter", "1\n");

        Run(Sysctl(("kernel.kptr_restrict", "2"), ("net/ipv4/conf/eth0.1/rp_filter", "1"), ("net.ipv4.ip_local_port_range", "32768 60999")))
            .Lines[2]
            .Should()
            .Be("check\tsysctl\tpassed\t3 values");
        Run(Sysctl(("kernel.kptr_restrict", "2"), ("net.ipv4.ip_forward", "0"), ("kernel.absent", "1")))
            .Lines[2]
            .Should()
            .Be("check\tsysctl\tfailed\tnet.ipv4.ip_forward is '1', wanted '0'; kernel.absent is 'not there', wanted '1';");
    }

    [Fact]
    public void Sshd_AsItWouldRun_MustBeAsWritten()
    {
        programs.Add("sshd", "echo 'permitrootlogin no'; echo 'maxstartups 10:30:60'; echo 'acceptenv LANG LC_*'");

        Run(
            new BootSpec
            {
                Sshd = new Dictionary<string, string> { ["PermitRootLogin"] = "no", ["acceptenv"] = "LANG LC_*" },
            }
        )
            .Lines[2]
            .Should()
            .StartWith("check\tsshd\t");
        Run(new BootSpec { Sshd = new Dictionary<string, string> { ["passwordauthentication"] = "no" } })
            .ExitCode.Should()
            .Be(20, "it shows nothing of it");
    }

    [Fact]
    public void Sandbox_WithoutAnInit_SaysWhatIsNotApplicable_AndFailsNothing()
    {
        Proc("1/comm", "sh\n");
        Proc("1/uid_map", "         0     100000      65536\n");

        var run = Run(
            new BootSpec
            {
                StartupWithin = TimeSpan.FromSeconds(1),
                Ports = new PortSpec(["tcp/22"], []),
                Sysctl = new Dictionary<string, string> { ["kernel.kptr_restrict"] = "2" },
            }
        );

        run.Lines.Skip(1).Should().HaveCount(4).And.OnlyContain(line => line.Contains("\tnot-applicable\t"));
        run.ExitCode.Should().Be(0);
    }

    [Fact]
    public void Machine_OfItsOwn_WithoutSystemd_NeverPassesWhatIsAsked()
    {
        Proc("1/comm", "init\n");

        var run = Run(new BootSpec { StartupWithin = TimeSpan.FromSeconds(90) });

        run.Lines[2].Should().Be("check\tstartup\tfailed\tonly systemd can tell, and process 1 is init");
        run.ExitCode.Should().Be(20);
    }

    private void Proc(string path, string text)
    {
        var file = programs.At($"proc/{path}");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    private void Systemctl(string state, string failed, string finished)
    {
        File.Delete(programs.At("bin/systemctl"));
        programs.Add(
            "systemctl",
            $"""
            case $1 in
              is-system-running) echo '{state}'; [ '{state}' = running ] ;;
              list-units) printf '%s\n' '{failed}' | grep . || true ;;
              show) echo '{finished}' ;;
            esac
            """
        );
    }

    private ScriptRun Run(BootSpec boot)
    {
        var recipe = new Recipe
        {
            Name = "web",
            Owner = "web-team",
            Platform = Platform.Linux,
            Architecture = Architecture.X86_64,
            Base = new BaseSource { Owners = [] },
            Steps = [],
            Digest = "",
            Boot = boot,
        };
        var task = BuiltInScripts.BootChecks(recipe, 1)!;
        var file = programs.At("checks.sh");
        File.WriteAllText(file, task.Script);
        return programs.Run(file, [("PROC", programs.At("proc")), .. task.Environment.Select(pair => (pair.Key, pair.Value))]);
    }

    private static BootSpec Ports(string[] expect, string[] allow) => new() { Ports = new PortSpec(expect, allow) };

    private static BootSpec Sysctl(params (string Name, string Value)[] values) =>
        new() { Sysctl = values.ToDictionary(value => value.Name, value => value.Value) };

    private static string Socket(string local, string state) =>
        $"   0: {local} 00000000:0000 {state} 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0\n";
}
