using BakeWorker.Core.Bakes;
using BakeWorker.Core.Comparing;
using BakeWorker.Core.Pipeline.Booting;
using BakeWorker.Core.Pipeline.Stages;
using BakeWorker.Core.Planning;
using BakeWorker.Core.Policies;
using BakeWorker.Core.Proofs;
using BakeWorker.Core.Publishing;
using BakeWorker.Core.Retiring;
using BakeWorker.Core.Scheduling;
using BakeWorker.Core.Skipping;
using BakeWorker.Core.Sweeping;
using BakeWorker.Core.Telemetry;
using BakeWorker.Core.Waiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace BakeWorker.Core.Pipeline;

/// <summary>Registers the bakery. The caller brings <see cref="Cloud.ICloud"/>, a place and a key for proofs, options and a clock.</summary>
public static class BakeryRegistration
{
    public static IServiceCollection AddBakery(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<BakeryOptions>();
        services.TryAddSingleton(OperatorPolicy.Default);
        services.TryAddSingleton<WaitingOptions>();
        services.TryAddSingleton<ConsumerOptions>();
        services.TryAddSingleton<SweepOptions>();
        services.TryAddSingleton<ScheduleOptions>();
        services.TryAddSingleton<ProofOptions>();
        services.TryAddSingleton(new EventsQueue(null));
        services.AddMetrics();

        services.AddSingleton<Interruptions>().AddSingleton<LastCall>().AddSingleton<Removal>().AddSingleton<BuilderKeeping>();
        services.AddSingleton<Watchers>().AddSingleton<EventListener>().AddSingleton<BakeMetrics>().AddSingleton<Figures>();
        services.AddSingleton<GuestShell>().AddSingleton<InventoryReader>();
        services.AddSingleton<StepRunner>().AddSingleton<HygieneSweep>();
        services.AddSingleton<Pools>().AddSingleton<CapacityLadder>();
        services
            .AddSingleton<PinBase>()
            .AddSingleton<Preflight>()
            .AddSingleton<Compare>()
            .AddSingleton<LaunchBuilder>()
            .AddSingleton<AwaitAgent>()
            .AddSingleton<ApplySteps>();
        services.AddSingleton<Clean>().AddSingleton<Seal>().AddSingleton<CaptureImage>().AddSingleton<CopyImage>();
        services
            .AddSingleton<ImagesInUse>()
            .AddSingleton<KeptDocuments>()
            .AddSingleton<ImageContentsReader>()
            .AddSingleton<FixableFindings>()
            .AddSingleton<UpdateProbe>();
        services.AddSingleton<TesterLaunch>().AddSingleton<RecipeTests>().AddSingleton<EvidenceFolder>().AddSingleton<BootEvidence>();
        services.AddSingleton<BootExam>();
        services.AddSingleton<LaunchTester>().AddSingleton<BootTest>().AddSingleton<ScanImage>();
        services
            .AddSingleton<Judge>()
            .AddSingleton<Proving>()
            .AddSingleton<ProofCheck>()
            .AddSingleton<Attest>()
            .AddSingleton<Publish>()
            .AddSingleton<Retire>();
        services.AddSingleton<JudgeCopies>().AddSingleton<ShareImages>().AddSingleton<DeprecateLater>();
        services.AddSingleton<AddTemplateVersions>().AddSingleton<PointerMoves>().AddSingleton<MovePointers>();
        services.AddSingleton<SwitchTemplates>().AddSingleton<ReleaseImages>().AddSingleton<PublishSteps>().AddSingleton<Compensation>();
        services.AddSingleton<Rollback>();
        services.AddSingleton<ImageNeeds>().AddSingleton<RetireStep>().AddSingleton<Retirement>();
        services.AddSingleton<StageSet>().AddSingleton<StageRunner>().AddSingleton<BakePipeline>();
        services.AddSingleton<Release>().AddSingleton<RunSpans>().AddSingleton<BakeRunner>();
        services.AddSingleton<Experience>().AddSingleton<BakePlanner>();
        services.AddSingleton<KnownRegions>().AddSingleton<Sweep>().AddSingleton<BakeCancelling>();
        services.AddSingleton<Scheduler>().AddSingleton<BaseWatch>();
        services.AddSingleton<BakeIntake>().AddSingleton<FanOut>().AddSingleton<Leases>().AddSingleton<Turns>();
        return services.AddSingleton<ReceiveWatch>().AddSingleton<BakeConsumer>();
    }
}
