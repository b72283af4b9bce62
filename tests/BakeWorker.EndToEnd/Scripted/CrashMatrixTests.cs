using System.Diagnostics;
using BakeWorker.Core.Bakes;
using BakeWorker.LocalCloud.Guests;
using BakeWorker.LocalCloud.Guests.Scripted;
using BakeWorker.Testing;

namespace BakeWorker.EndToEnd.Scripted;

/// <summary>
/// For every AWS call of a whole bake that is published in three Regions: the worker's process dies before and after the call's effect, and a fresh worker finishes the bake as
/// if nothing had happened.
/// </summary>
public sealed class CrashMatrixTests(ITestOutputHelper output) : IDisposable
{
    private readonly string _recipes = Directory.CreateTempSubdirectory("crash-matrix-").FullName;

    [Fact]
    public void Published_WhereverItsWorkerDies_IsPublishedOnceWithEveryStepDoneOnce()
    {
        using var quiet = Open(_ => { });
        quiet.Work().Should().BeFalse();
        ExpectPublished(quiet, Executed(quiet), mayTellTwice: false);
        var told = Position(quiet, "sqs:SendMessage");
        var done = Executed(quiet);
        done.Should().HaveCountGreaterThan(6).And.OnlyContain(step => step.Value == 1);

        DieEverywhere(_ => { }, quiet, (world, call) => ExpectPublished(world, done, mayTellTwice: call >= told));
    }

    /// <summary>Nothing new is shown before the next worker looks for it: now names, tokens and markers must do what tags cannot.</summary>
    [Fact]
    public void Published_WhereverItsWorkerDies_AndNewThingsShowLate_IsPublishedOnce()
    {
        using var quiet = Open(_ => { });
        quiet.Work();
        var (done, told) = (Executed(quiet), Position(quiet, "sqs:SendMessage"));

        DieEverywhere(_ => { }, quiet, (world, call) => ExpectPublished(world, done, mayTellTwice: call >= told), isShownLate: true);
    }

    [Fact]
    public void Rejected_WhereverItsWorkerDies_IsRejectedWithNothingLeft() =>
        Expect(
            Outcome.Rejected,
            FailureCodes.FindingsBlocked,
            scenario => scenario.Guest().Packages(new PackageList("Debian:12", [new Package("libssl3", "3.0.9-1", "openssl", "amd64")]))
        );

    [Fact]
    public void Failed_WhereverItsWorkerDies_FailsWithNothingLeft() =>
        Expect(Outcome.Failed, FailureCodes.StepFailed, scenario => scenario.Command("*/step/two/*").Fails(3));

    /// <summary>From the first change that somebody could see, in every position: whoever comes next leaves the old image everywhere.</summary>
    [Fact]
    public void PublishedInPart_WhereverItsWorkerDies_IsTakenBackEverywhere()
    {
        using var quiet = Open(_ => { });
        quiet.LoseWrites(Bakery.Region);
        quiet.Work().Should().BeFalse();
        ExpectEnd(quiet, Outcome.Failed, FailureCodes.PublishFailed, mayTellTwice: false);
        var told = Position(quiet, "sqs:SendMessage");

        DieEverywhere(
            _ => { },
            quiet,
            (world, call) => ExpectEnd(world, Outcome.Failed, FailureCodes.PublishFailed, mayTellTwice: call >= told),
            from: FirstVisible(quiet),
            prepare: world => world.LoseWrites(Bakery.Region)
        );
    }

    /// <summary>The same when nobody takes the request again: the sweep leaves the old image everywhere, or the new one.</summary>
    [Fact]
    public void PublishedInPart_WhereverItsWorkerDies_AndNobodyComes_IsSweptToOldOrNewEverywhere()
    {
        using var quiet = Open(_ => { });
        quiet.Work();

        DieEverywhere(_ => { }, quiet, (world, _) => ExpectOldOrNew(world), from: FirstVisible(quiet), isAbandoned: true);
    }

    public void Dispose() => Directory.Delete(_recipes, recursive: true);

    private static int FirstVisible(CrashWorld world) => Position(world, "ec2:ModifySnapshotAttribute") - 4;

    private static void ExpectOldOrNew(CrashWorld world)
    {
        if (world.Images().Count == 0)
        {
            ExpectOld(world);
            return;
        }

        foreach (var (region, image) in world.Images())
        {
            image.Tags.Select(tag => tag.Key).Should().Contain("bakeworker:released-at");
            world.FindPointer(region)!.Value.Image.Should().Be(image.ImageId);
            world.FindTemplate(region).Should().Be(image.ImageId);
        }
    }

    private void Expect(Outcome outcome, string code, Action<Scenario> trouble)
    {
        using var quiet = Open(trouble);
        quiet.Work().Should().BeFalse();
        ExpectEnd(quiet, outcome, code, mayTellTwice: false);
        var told = Position(quiet, "sqs:SendMessage");

        DieEverywhere(trouble, quiet, (world, call) => ExpectEnd(world, outcome, code, mayTellTwice: call >= told));
    }

    private void DieEverywhere(
        Action<Scenario> trouble,
        CrashWorld quiet,
        Action<CrashWorld, int> check,
        bool isShownLate = false,
        int from = 1,
        Action<CrashWorld>? prepare = null,
        bool isAbandoned = false
    )
    {
        var death = new Death(trouble, check, isShownLate, prepare ?? (_ => { }), isAbandoned);
        var calls = quiet.Calls.Take(quiet.Calls.ToList().IndexOf("sqs:DeleteMessage") + 1).ToList();
        var (failures, watch) = (new List<string>(), Stopwatch.StartNew());
        var deaths = 0;
        for (var call = from; call <= calls.Count; call++)
        {
            // What only reads makes nothing that could show late.
            foreach (var afterEffect in isShownLate && !Makes(calls[call - 1]) ? [] : new[] { false, true })
            {
                deaths++;
                if (FindFailure(death, call, afterEffect) is { } failure)
                {
                    failures.Add($"death {(afterEffect ? "after" : "before")} call {call} ({calls[call - 1]}): {failure}");
                }
            }
        }

        output.WriteLine($"{deaths} deaths in {watch.Elapsed.TotalSeconds:0.0} s, {failures.Count} not survived.");
        failures.Should().BeEmpty();
    }

    private string? FindFailure(Death death, int call, bool afterEffect)
    {
        try
        {
            using var world = Open(death.Trouble);
            death.Prepare(world);
            world.Work(life => DieAt(world, life)).Should().BeTrue("the worker comes to that call");
            if (death.IsAbandoned)
            {
                world.Abandon();
            }
            else
            {
                world.Work().Should().BeFalse();
            }

            death.Check(world, call);
            return null;
        }
        catch (Exception exception)
        {
            return exception.Message.ReplaceLineEndings(" ");
        }

        void DieAt(CrashWorld world, ProcessLife life)
        {
            life.DieAt(call, afterEffect);
            if (death.IsShownLate)
            {
                world.ShowLate(call);
            }
        }
    }

    private static bool Makes(string call) => call is "ec2:RunInstances" or "ec2:CreateImage" or "ec2:CopyImage" or "ssm:SendCommand";

    private static void ExpectPublished(CrashWorld world, IReadOnlyDictionary<string, int> steps, bool mayTellTwice)
    {
        var results = ExpectTold(world, mayTellTwice);
        results.Should().OnlyContain(result => result.Outcome == Outcome.Published);
        var images = world.Images();
        images.Select(found => found.Region).Should().BeEquivalentTo([Bakery.Region, .. CrashWorld.OtherRegions]);
        foreach (var (region, image) in images)
        {
            results.Should().OnlyContain(result => result.Images[region] == image.ImageId);
            image.Tags.Select(tag => tag.Key).Should().Contain(["bakeworker:verdict", "bakeworker:released-at"]);
            var proof = image.Tags.Single(tag => tag.Key == "bakeworker:provenance").Value;
            results.Should().OnlyContain(result => result.Provenance!.Digest == proof, "all of them speak of the one proof that is kept");
            world.FindPointer(region).Should().Be((image.ImageId, region == Bakery.Region ? 2L : 1L));
            world.FindTemplate(region).Should().Be(image.ImageId);
        }

        Executed(world).Should().BeEquivalentTo(steps);
        world.Guests.Guests.Where(IsOurs).Should().HaveCount(2, "one builder and one tester are enough");
        world.Leftovers().Should().BeEmpty();
    }

    private static void ExpectEnd(CrashWorld world, Outcome outcome, string code, bool mayTellTwice)
    {
        var results = ExpectTold(world, mayTellTwice);
        results.Should().OnlyContain(result => result.Outcome == outcome && result.Failure!.Code == code);
        ExpectOld(world);
    }

    private static void ExpectOld(CrashWorld world)
    {
        world.Images().Should().BeEmpty();
        world.FindPointer(Bakery.Region)!.Value.Image.Should().Be(world.Predecessor);
        world.FindTemplate(Bakery.Region).Should().Be(world.Predecessor);
        foreach (var region in CrashWorld.OtherRegions)
        {
            world.FindPointer(region).Should().BeNull();
            world.FindTemplate(region).Should().Be(world.Predecessor);
        }

        world.Leftovers().Should().BeEmpty();
    }

    private static List<BakeResult> ExpectTold(CrashWorld world, bool mayTellTwice)
    {
        world.Waiting().Should().Be(0);
        var results = world.Results();
        results.Should().HaveCountGreaterThan(0).And.HaveCountLessThanOrEqualTo(mayTellTwice ? 2 : 1);
        results.Should().OnlyContain(result => result.BakeId == CrashWorld.Bake.Value);
        return results;
    }

    // How often each script really did something.
    private static Dictionary<string, int> Executed(CrashWorld world) =>
        world
            .Guests.Commands.Where(command => !command.IsRepeat)
            .GroupBy(command => command.Comment)
            .ToDictionary(group => group.Key, group => group.Count());

    private static bool IsOurs(ScriptedGuest guest) => guest.Spec.Tags.ContainsKey("bakeworker:bake-id");

    private static int Position(CrashWorld world, string call) => world.Calls.ToList().IndexOf(call) + 1;

    private CrashWorld Open(Action<Scenario> trouble)
    {
        WriteRecipe();
        return new(_recipes, trouble);
    }

    private void WriteRecipe()
    {
        var folder = Path.Combine(_recipes, CrashWorld.Recipe);
        if (Directory.Exists(folder))
        {
            return;
        }

        foreach (var script in new[] { "steps/one.sh", "steps/two.sh", "steps/tidy.sh", "tests/works.sh" })
        {
            var path = Path.Combine(folder, script);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "#!/bin/sh\ntrue\n");
        }

        File.WriteAllText(
            Path.Combine(folder, "recipe.yaml"),
            $$"""
            name: {{CrashWorld.Recipe}}
            description: A bake with everything in it
            owner: tests
            platform: linux
            architecture: x86_64
            base:
              parameter: /aws/service/debian/release/12/latest/amd64
              owners: ["136693071363"]
            builder: { instanceTypes: [t3.small], market: on-demand, rootVolume: { size: 10GiB, encrypted: true, kmsKey: alias/bakeworker }, agent: install }
            steps:
              - { name: one, phase: patch, run: steps/one.sh }
              - { name: two, phase: install, run: steps/two.sh }
              - { name: tidy, phase: cleanup, run: steps/tidy.sh }
            tests:
              - { name: works, run: tests/works.sh }
            scan: { source: instance, block: { severity: medium, fixableOnly: true } }
            publish:
              pointer: {{CrashWorld.Pointer}}
              regions: [{{string.Join(", ", CrashWorld.OtherRegions)}}]
              share: { accounts: ['{{CrashWorld.Friend}}'], snapshots: true }
              kmsKeys: { {{string.Join(", ", CrashWorld.OtherRegions.Select(region => $"{region}: alias/bakeworker"))}} }
              launchTemplate: {{CrashWorld.Template}}
              deprecateAfter: 90d
            retain: { keep: 1, olderThan: 1d }
            """
        );
    }

    /// <summary>What the deaths of a matrix have in common.</summary>
    private sealed record Death(
        Action<Scenario> Trouble,
        Action<CrashWorld, int> Check,
        bool IsShownLate,
        Action<CrashWorld> Prepare,
        bool IsAbandoned
    );
}
