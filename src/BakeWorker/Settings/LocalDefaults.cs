using BakeWorker.Embedded;
using BakeWorker.LocalCloud;

namespace BakeWorker.Settings;

/// <summary>
/// What a LocalCloud has from the start, for settings that are left out: a worker that is pointed at one by <c>AWS_ENDPOINT_URL</c> alone
/// finds its queue, subnets and profile.
/// </summary>
internal static class LocalDefaults
{
    public const string Region = "eu-central-1";
    public const string Queue = "bake-requests";
    public const string DeadLetterQueue = "bake-requests-dead";
    public const string ResultsQueue = "bake-results";

    /// <summary>Whether AWS's services are asked on this machine.</summary>
    public static bool IsLoopback(WorkerSettings settings, Shell shell) =>
        Uri.TryCreate(settings.Aws.ServiceUrl ?? shell.Variable("AWS_ENDPOINT_URL"), UriKind.Absolute, out var endpoint)
        && endpoint.IsLoopback;

    /// <summary>The Region that the settings or the environment name, else null.</summary>
    public static string? FindRegion(WorkerSettings settings, Shell shell) =>
        settings.Aws.Region ?? shell.Variable("AWS_REGION") ?? shell.Variable("AWS_DEFAULT_REGION");

    public static void FillIfLoopback(WorkerSettings settings, Shell shell)
    {
        if (IsLoopback(settings, shell))
        {
            Fill(settings, shell);
        }
    }

    /// <param name="guest">What instances will be, where that was asked for.</param>
    public static void Fill(WorkerSettings settings, Shell shell, string? guest = null)
    {
        var region = FindRegion(settings, shell) ?? Region;
        var (aws, bakery, waiting, defaults) = (settings.Aws, settings.Bakery, settings.Waiting, LocalCloudDefaults.For(region));
        aws.Region = region;
        aws.Queue ??= Queue;
        aws.ResultsQueue ??= ResultsQueue;
        bakery.BuilderSubnets = Else(bakery.BuilderSubnets, defaults.BuilderSubnets);
        bakery.BuilderSecurityGroups = Else(bakery.BuilderSecurityGroups, [defaults.SecurityGroup]);
        bakery.SandboxSubnets = Else(bakery.SandboxSubnets, [defaults.SandboxSubnet]);
        bakery.SandboxSecurityGroups = Else(bakery.SandboxSecurityGroups, [defaults.SecurityGroup]);
        bakery.InstanceProfile = bakery.InstanceProfile is "" ? LocalCloudDefaults.InstanceProfile : bakery.InstanceProfile;

        var proof = settings.Proof;
        proof.Folder = (proof.Folder + proof.Bucket) is "" ? Folders.OwnProofs(settings, shell) : proof.Folder;
        proof.KeyFile = (proof.KeyFile + proof.KmsKey) is "" ? Folders.OwnKey(settings, shell) : proof.KeyFile;

        // A LocalCloud throttles nobody and a person waits in front of it.
        var plain = new WorkerSettings();
        if ((waiting.Fast, waiting.Slow) == (plain.Waiting.Fast, plain.Waiting.Slow))
        {
            (waiting.Fast, waiting.Slow) = (TimeSpan.FromMilliseconds(40), TimeSpan.FromMilliseconds(150));
            waiting.Calm = waiting.Calm == plain.Waiting.Calm ? waiting.Slow : waiting.Calm;
        }

        // A worker that stops waits for its open poll.
        aws.ReceiveWait = aws.ReceiveWait == plain.Aws.ReceiveWait ? TimeSpan.FromSeconds(1) : aws.ReceiveWait;
        aws.BudgetShare = aws.BudgetShare == plain.Aws.BudgetShare ? 0 : aws.BudgetShare;
        // The agent of a local guest has reported as soon as its command ends, unless it runs in a machine of its own.
        var isOurs = guest != GuestChoice.Vm && bakery.SealDelay == plain.Bakery.SealDelay;
        bakery.SealDelay = isOurs ? TimeSpan.FromSeconds(0.2) : bakery.SealDelay;
    }

    private static IList<string> Else(IList<string> set, IReadOnlyList<string> otherwise) => set.Count > 0 ? set : [.. otherwise];
}
