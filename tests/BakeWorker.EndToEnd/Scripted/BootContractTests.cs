using BakeWorker.Core.Bakes;
using BakeWorker.Core.Recipes;
using BakeWorker.Testing;

namespace BakeWorker.EndToEnd.Scripted;

/// <summary>What an image must do when it boots: as the recipe says, on every instance type, and again after a restart.</summary>
public sealed class BootContractTests : IDisposable
{
    private const string Pem = "-----BEGIN PRIVATE" + " KEY-----\nQmFrZVdvcmtlclRlc3RLZXk=\n-----END PRIVATE" + " KEY-----";
    private readonly Bakery _bakery = Bakery.Open();

    public void Dispose() => _bakery.Dispose();

    [Fact]
    public void Checks_OfAGoodBoot_AreInTheResult()
    {
        Checks(
            "boot\tone\ncheck\tfailed-units\tpassed\t\ncheck\tports\tpassed\ttcp/22\ncheck\tsysctl\tnot-applicable\tthe kernel is the host's\n"
        );

        var result = _bakery.Bake(With(new BootSpec { Ports = new PortSpec(["tcp/22"], []) }));

        result.Outcome.Should().Be(Outcome.Published, result.Failure?.Message);
        result
            .Checks!.Select(check => (check.Name, check.Result))
            .Should()
            .Equal(
                ("agent", "passed"),
                ("status-checks", "passed"),
                ("failed-units", "passed"),
                ("ports", "passed"),
                ("sysctl", "not-applicable"),
                ("hygiene", "passed"),
                ("test sshd", "passed"),
                ("test baseline", "passed"),
                ("test hardening", "passed"),
                ("test clean", "passed")
            );
        result.Checks![3].Should().Be(new ResultCheck("ports", "passed", 1) { InstanceType = "t3.small", Detail = "tcp/22" });
    }

    [Fact]
    public void Check_Failed_RejectsAndSaysWhich()
    {
        _bakery
            .Scenario.Command("*/checks/1")
            .Prints("boot\tone\ncheck\tfailed-units\tpassed\t\ncheck\tports\tfailed\tnot on the list: tcp/8080\n")
            .Fails(20);

        var failure = Rejected(With(new BootSpec { Ports = new PortSpec([], []) }), FailureCodes.BootCheckFailed);

        failure.Message.Should().Contain("ports (not on the list: tcp/8080)");
        failure.Step.Should().Be("ports");
    }

    [Fact]
    public void Checks_ThatNobodyAnswers_AreNoPassOfWhatIsAsked() =>
        Rejected(With(new BootSpec { StartupWithin = TimeSpan.FromMinutes(1) }), FailureCodes.BootCheckFailed);

    [Fact]
    public void Checks_ThatBroke_AreNoPass()
    {
        _bakery.Scenario.Command("*/checks/1").Fails(1);

        Rejected(_bakery.Recipe(), FailureCodes.BootCheckFailed);
    }

    [Fact]
    public void Tests_InParallel_TakeAsLongAsTheLongestOfThem_AndAllTheirFailuresAreTold()
    {
        foreach (var test in (string[])["sshd", "baseline", "hardening"])
        {
            _bakery.Scenario.Command($"*/test/{test}").Takes(TimeSpan.FromMinutes(3));
        }

        _bakery.Scenario.Command("*/test/baseline").Takes(TimeSpan.FromMinutes(3)).Fails(1, "baseline is wrong");
        _bakery.Scenario.Command("*/test/hardening").Takes(TimeSpan.FromMinutes(4)).Fails(2, "hardening is wrong");
        var recipe = _bakery.Recipe();
        recipe = recipe with { Tests = [.. recipe.Tests.Select(test => test with { IsParallel = test.Name != "clean" })] };

        var failure = Rejected(recipe, FailureCodes.TestFailed, out var result);

        failure.Message.Should().StartWith("2 tests failed").And.Contain("(baseline, hardening)");
        failure.Evidence.Should().ContainAll("== baseline\nbaseline is wrong", "== hardening\nhardening is wrong");
        result.Stages.Single(stage => stage.Name == "boot-test").Seconds.Should().BeLessThan(9 * 60, "they ran beside each other");
        result.Checks!.Where(check => check.Result == "failed").Should().HaveCount(2);
        _bakery.Guests.Commands.Should().NotContain(command => command.Comment.EndsWith("/test/clean"), "it waits for those before it");
    }

    [Fact]
    public void Restart_ThatComesUpAgain_IsCheckedAndTestedAgain()
    {
        Checks("boot\tone\n", 1);
        Checks("boot\ttwo\n", 2);
        _bakery.Scenario.Command("*/restart").AsksForReboot();

        var result = _bakery.Bake(With(new BootSpec { Reboot = true }));

        result.Outcome.Should().Be(Outcome.Published, result.Failure?.Message);
        result.Checks!.Where(check => check.Boot == 2).Select(check => check.Name).Should().Contain(["agent", "test sshd", "test clean"]);
        _bakery.Guests.Guests.Single(guest => guest.Spec.Tags["bakeworker:role"] == "tester").Boots.Should().Be(2);
    }

    [Fact]
    public void Restart_AfterWhichItIsStillTheSameBoot_Rejects()
    {
        Checks("boot\tone\n", 1);
        Checks("boot\tone\n", 2);

        Rejected(With(new BootSpec { Reboot = true }), FailureCodes.BootTestFailed).Message.Should().Contain("still in the same boot");
    }

    [Fact]
    public void Restart_AfterWhichATestFails_Rejects()
    {
        _bakery.Scenario.Command("*/test/sshd/restarted").Fails(1);

        Rejected(With(new BootSpec { Reboot = true }), FailureCodes.TestFailed).Step.Should().Be("sshd");
    }

    [Fact]
    public void InstanceTypes_AreTriedOneAfterTheOther_AndNoneIsLeft()
    {
        var result = _bakery.Bake(With(new BootSpec { InstanceTypes = ["m5.large", "t3.small", "c5.large"] }));

        result.Outcome.Should().Be(Outcome.Published, result.Failure?.Message);
        result
            .Checks!.Where(check => check.Name == "test sshd")
            .Select(check => check.InstanceType)
            .Should()
            .Equal("t3.small", "m5.large", "c5.large");
        _bakery.Guests.Guests.Select(guest => guest.Spec.InstanceType).Should().Equal("t3.small", "t3.small", "m5.large", "c5.large");
        _bakery.Time.Run(_bakery.LeftoversAsync).Should().HaveCount(2, "an image and its snapshot");
    }

    [Fact]
    public void InstanceType_OnWhichATestFails_RejectsWithItsOwnEvidence()
    {
        _bakery.Scenario.Guest().ForRole("trial").Console("nvme: no such device");
        _bakery.Scenario.Command("*/test/sshd").ForRole("trial").Fails(1);

        var failure = Rejected(With(new BootSpec { InstanceTypes = ["m5.large"] }), FailureCodes.TestFailed);

        failure.Exhibits!.Single(exhibit => exhibit.Name == "console.log").Text.Should().Contain("nvme: no such device");
    }

    [Fact]
    public void Rejection_LeavesEvidence_AndNeitherImageNorSecret()
    {
        _bakery.Scenario.Guest().ForRole("tester").Console($"login: password=hunter2hunter2\n{Pem}\nKernel panic");
        _bakery
            .Scenario.Command("*/evidence")
            .Prints("== failed units\napp.service failed\n== last lines of the log\nTOKEN=hunter2hunter2\n");
        _bakery.Scenario.Command("*/test/sshd").Fails(1, "curl -H 'Authorization: Bearer hunter2hunter2' failed");

        var failure = Rejected(_bakery.Recipe(), FailureCodes.TestFailed, out var result);

        failure.Exhibits!.Select(exhibit => exhibit.Name).Should().Equal("console.log", "screen.jpg", "guest.log");
        failure.Exhibits![0].Text.Should().Contain("Kernel panic");
        Convert.FromBase64String(failure.Exhibits[1].Base64!).Should().StartWith([0xff, 0xd8]);
        failure.Exhibits[2].Text.Should().Contain("app.service failed");
        BakeResultWriter.Write(result).Should().NotContainAny("hunter2", "QmFrZVdvcm");
        _bakery.Log.Lines.Should().NotContain(line => line.Text.Contains("hunter2"));
    }

    [Fact]
    public void Evidence_WithAFolder_IsKeptWholeInIt()
    {
        var folder = Directory.CreateTempSubdirectory("bakeworker-evidence-").FullName;
        try
        {
            using var bakery = Bakery.Open(options => options.Evidence = folder);
            bakery.Scenario.Guest().ForRole("tester").Console(new string('x', 20_000));
            bakery.Scenario.Command("*/test/sshd").Fails(1);

            var exhibits = bakery.Bake().Failure!.Exhibits!;

            exhibits[0].Text!.Length.Should().BeLessThan(8_100);
            exhibits[0].File.Should().StartWith(Path.Combine(folder, "bake-")).And.EndWith("console.log");
            File.ReadAllText(exhibits[0].File!).Length.Should().BeGreaterThan(20_000);
            exhibits[1].Base64.Should().BeNull();
            File.ReadAllBytes(exhibits[1].File!).Should().StartWith([0xff, 0xd8]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Evidence_ThatCannotBeKept_IsStillInTheResult()
    {
        using var bakery = Bakery.Open(options => options.Evidence = "/proc/nowhere");
        bakery.Scenario.Command("*/test/sshd").Fails(1);

        var result = bakery.Bake();

        result.Failure!.Code.Should().Be(FailureCodes.TestFailed);
        result.Failure.Exhibits![0].File.Should().BeNull();
        result.Failure.Exhibits[0].Text.Should().NotBeNullOrEmpty();
    }

    [Fact]
    public void Hygiene_WithAnExpiredAllowance_SaysThatItHadBeenAllowed()
    {
        _bakery.Scenario.Command("*/hygiene/builder").Prints("sweep\t1 findings\t0 allowed\nkey-store\t/opt/a.p12\t3 bytes\n").Fails(20);
        var allowance = new Allowance
        {
            Rule = "key-store",
            Path = "/opt/a.p12",
            Reason = "test",
            ApprovedBy = "me",
            Expires = new DateOnly(2026, 1, 31),
        };

        var failure = Rejected(
            _bakery.Recipe() with
            {
                Hygiene = new HygieneSpec { Allowances = [allowance] },
            },
            FailureCodes.HygieneFailed
        );

        failure.Message.Should().Contain("(1)").And.Contain("or renew what the recipe allowed until 2026-01-31");
        failure.Evidence.Should().Be("key-store\t/opt/a.p12\t3 bytes");
    }

    private void Checks(string output, int boot = 1) => _bakery.Scenario.Command($"*/checks/{boot}").Prints(output);

    private Recipe With(BootSpec boot) => _bakery.Recipe() with { Boot = boot };

    private ResultFailure Rejected(Recipe recipe, string code) => Rejected(recipe, code, out _);

    private ResultFailure Rejected(Recipe recipe, string code, out BakeResult result)
    {
        result = _bakery.Bake(recipe);

        result.Failure!.Code.Should().Be(code, result.Failure.Message);
        result.Outcome.Should().Be(Outcome.Rejected);
        result.Images.Should().BeEmpty();
        _bakery.Time.Run(_bakery.LeftoversAsync).Should().BeEmpty();
        return result.Failure;
    }
}
