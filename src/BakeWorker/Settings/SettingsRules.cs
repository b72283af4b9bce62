using System.ComponentModel.DataAnnotations;
using BakeWorker.Aws;
using BakeWorker.Board;
using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Scheduling;
using BakeWorker.Core.Sweeping;

namespace BakeWorker.Settings;

/// <summary>What settings must satisfy, each rule with what would go wrong otherwise.</summary>
internal static class SettingsRules
{
    private static readonly TimeSpan LongestCooldown = TimeSpan.FromHours(12);

    /// <summary>What every command needs.</summary>
    public static IEnumerable<string> Common(WorkerSettings settings) =>
        [
            .. Bakery(settings.Bakery),
            .. PaceRules.Consumer(settings.Consumer),
            .. PaceRules.Waiting(settings.Waiting),
            .. Sweep(settings.Sweep),
            .. Schedule(settings.Schedule),
            .. BoardRules.Check(settings.Web),
            .. VmRules.Check(settings.Vm),
            .. Annotated(settings.Aws, "Aws"),
        ];

    /// <summary>What launching instances needs, besides.</summary>
    public static IEnumerable<string> Launching(WorkerSettings settings)
    {
        var bakery = settings.Bakery;
        if (bakery.BuilderSubnets.Count == 0)
        {
            yield return Missing("Bakery:BuilderSubnets", "no recipe could launch a builder; name at least one subnet that reaches SSM");
        }

        if (bakery.SandboxSubnets.Count == 0)
        {
            yield return Missing("Bakery:SandboxSubnets", "no image could be boot-tested; name at least one subnet that reaches SSM only");
        }

        if (bakery.InstanceProfile.Length == 0 && string.IsNullOrEmpty(settings.Aws.InstanceProfile))
        {
            yield return Missing("Bakery:InstanceProfile", "no SSM agent could register; name a profile with AmazonSSMManagedInstanceCore");
        }

        foreach (var error in Proof(settings))
        {
            yield return error;
        }
    }

    /// <summary>What keeping and reading proofs needs, besides: one place and, unless the caller <paramref name="hasKey"/>, one key.</summary>
    public static IEnumerable<string> Proof(WorkerSettings settings, bool hasKey = false)
    {
        var proof = settings.Proof;
        if (proof.Folder.Length + proof.Bucket.Length == 0)
        {
            yield return Missing(
                "Proof:Bucket",
                "no proof could be kept, and without it nothing is published; name a bucket, or a Proof:Folder that all workers share"
            );
        }

        if (proof.Folder.Length > 0 && proof.Bucket.Length > 0)
        {
            yield return Broken("Proof:Folder", proof.Folder, "proofs are already kept in Proof:Bucket; give one of the two");
        }

        if (!hasKey && proof.KeyFile.Length + proof.KmsKey.Length == 0)
        {
            yield return Missing(
                "Proof:KmsKey",
                "nobody could vouch for an image; name a KMS key of spec ECC_NIST_P256, or a Proof:KeyFile"
            );
        }

        if (proof.KeyFile.Length > 0 && proof.KmsKey.Length > 0)
        {
            yield return Broken("Proof:KeyFile", proof.KeyFile, "Proof:KmsKey signs already; give one of the two");
        }

        if (proof.BuilderId.Length > 0 && !Uri.IsWellFormedUriString(proof.BuilderId, UriKind.Absolute))
        {
            yield return Broken("Proof:BuilderId", proof.BuilderId, "SLSA wants a URI there, such as https://images.example.com/bakery");
        }
    }

    /// <summary>What taking requests needs, besides.</summary>
    public static IEnumerable<string> Queue(WorkerSettings settings)
    {
        if (string.IsNullOrEmpty(settings.Aws.Queue))
        {
            yield return Missing("Aws:Queue", "there would be nowhere to put or take requests; give the queue's name or URL");
        }
        else if (settings.Aws.Queue == settings.Aws.NightlyQueue)
        {
            yield return Broken("Aws:NightlyQueue", settings.Aws.Queue, "it is the request queue, too; give another one, or none");
        }
    }

    private static IEnumerable<string> Bakery(BakeryOptions options)
    {
        if (options.Worker.Length > 256)
        {
            yield return Broken("Bakery:Worker", options.Worker.Length + " characters", "EC2 takes at most 256 in a tag");
        }

        if (options.Deadline < TimeSpan.FromMinutes(10))
        {
            yield return Broken("Bakery:Deadline", options.Deadline, "no bake could end within it; give at least 10 minutes");
        }

        if (options.PoolCooldown < TimeSpan.Zero || options.PoolCooldown > LongestCooldown)
        {
            yield return Broken("Bakery:PoolCooldown", options.PoolCooldown, "a pool would never be tried again; give 0 to 12 h");
        }

        if (options.SealDelay < TimeSpan.FromSeconds(0.1) || options.SealDelay > TimeSpan.FromMinutes(10))
        {
            yield return Broken(
                "Bakery:SealDelay",
                options.SealDelay,
                "the agent could not report, or the builder would idle; give 0.1 s to 10 min"
            );
        }
    }

    private static IEnumerable<string> Schedule(ScheduleOptions options)
    {
        if (options.Parameters.Length > 0 && (!options.Parameters.StartsWith('/') || options.Parameters.EndsWith('/')))
        {
            yield return Broken(
                "Schedule:Parameters",
                options.Parameters,
                "the names of SSM parameters begin below it; write a path such as /bakeworker/schedules"
            );
        }

        if (options.Bases != TimeSpan.Zero && (options.Bases < TimeSpan.FromMinutes(5) || options.Bases > TimeSpan.FromDays(7)))
        {
            yield return Broken("Schedule:Bases", options.Bases, "give 5 minutes to 7 days, or 0s to watch no base");
        }
    }

    private static IEnumerable<string> Sweep(SweepOptions options)
    {
        if (options.Every != TimeSpan.Zero && (options.Every < TimeSpan.FromMinutes(5) || options.Every > TimeSpan.FromDays(30)))
        {
            yield return Broken("Sweep:Every", options.Every, "give 5 minutes to 30 days, or 0s to turn it off");
        }

        if (options.Young < TimeSpan.Zero)
        {
            yield return Broken("Sweep:Young", options.Young, "nothing is younger than that; give 0s or more");
        }

        if (options.Grace < TimeSpan.FromMinutes(30))
        {
            yield return Broken(
                "Sweep:Grace",
                options.Grace,
                "a bake may still be publishing half an hour after its deadline; give at least that"
            );
        }
    }

    private static IEnumerable<string> Annotated(AwsOptions options, string path)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        return results.Select(result => $"{WorkerSettings.Section}:{path}:{result.MemberNames.First()}: {result.ErrorMessage}");
    }

    private static string Missing(string name, string otherwise) => $"{WorkerSettings.Section}:{name} is missing: {otherwise}.";

    public static string Broken(string name, object value, string why) => $"{WorkerSettings.Section}:{name} is {value}: {why}.";
}
