using BakeWorker.Aws;
using BakeWorker.Board;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Pipeline;
using BakeWorker.Core.Proofs;
using BakeWorker.Core.Scheduling;
using BakeWorker.Core.Sweeping;
using BakeWorker.Core.Waiting;

namespace BakeWorker.Settings;

/// <summary>Section <c>BakeWorker</c> of the settings: everything the operator decides.</summary>
public sealed class WorkerSettings
{
    public const string Section = "BakeWorker";

    /// <summary>Folder of the recipes; when empty, <c>recipes</c> in the working folder, else the one that came with the program.</summary>
    public string Recipes { get; set; } = "";

    /// <summary>Where the embedded LocalCloud keeps images between runs; when empty, <c>bakeworker</c> in the user's data folder.</summary>
    public string Data { get; set; } = "";

    /// <summary>Where guests keep prepared bases and running guests; when empty, <c>cache</c> below <see cref="Data"/>. May be shared.</summary>
    public string Cache { get; set; } = "";

    public AwsOptions Aws { get; } = new();
    public BakeryOptions Bakery { get; } = new();
    public ConsumerOptions Consumer { get; } = new();
    public WaitingOptions Waiting { get; } = new();
    public SweepOptions Sweep { get; } = new();
    public ScheduleOptions Schedule { get; } = new();
    public ProofOptions Proof { get; } = new();
    public VmSettings Vm { get; } = new();
    public WebOptions Web { get; } = new();
}
