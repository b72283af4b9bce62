using BakeWorker.Embedded;
using BakeWorker.Hosting;
using BakeWorker.Settings;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BakeWorker.Commands;

/// <summary>How commands that look at an account, or change it by hand, get at its settings and parts.</summary>
internal static class CommandHost
{
    /// <summary>The account of the settings, for one command.</summary>
    public static IHost Open(Shell shell, CommonArguments common) =>
        Open(
            shell,
            LoadedSettings.Load(
                shell,
                common.Settings,
                settings =>
                {
                    common.Apply(settings);
                    LocalDefaults.FillIfLoopback(settings, shell);
                }
            ),
            common
        );

    /// <summary>The same over settings that are at hand; with <paramref name="embedded"/> the images that <c>bake</c> keeps on this machine.</summary>
    public static IHost Open(Shell shell, LoadedSettings settings, CommonArguments common, EmbeddedCloud? embedded = null) =>
        BakeWorkerHost.Command(shell, settings, common.IsVerbose ? LogLevel.Information : LogLevel.Error, embedded: embedded);

    /// <summary>Settings for an account, or for the images on this machine.</summary>
    public static LoadedSettings Load(
        Shell shell,
        CommonArguments common,
        LocalArguments local,
        bool isLocal,
        params IReadOnlyList<Func<WorkerSettings, IEnumerable<string>>> rules
    ) =>
        LoadedSettings.Load(
            shell,
            common.Settings,
            settings =>
            {
                common.Apply(settings);
                settings.Data = local.Data ?? settings.Data;
                if (isLocal || LocalDefaults.IsLoopback(settings, shell))
                {
                    LocalDefaults.Fill(settings, shell);
                }
            },
            rules
        );

    /// <summary>The images on this machine, only to look at; null for an account.</summary>
    public static async Task<EmbeddedCloud?> LookAsync(
        Shell shell,
        LoadedSettings settings,
        LocalArguments local,
        bool isLocal,
        CancellationToken ct
    ) => isLocal ? await EmbeddedCloud.OpenAsync(local.ToOptions() with { IsToLookAt = true }, settings.Worker, shell, ct) : null;
}
