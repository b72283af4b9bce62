using BakeWorker.Core.Pipeline.Stages;

namespace BakeWorker.Core.Pipeline;

/// <summary>The stages of a bake, in their order.</summary>
public sealed record StageSet(
    PinBase PinBase,
    Preflight Preflight,
    Compare Compare,
    LaunchBuilder LaunchBuilder,
    AwaitAgent AwaitAgent,
    ApplySteps ApplySteps,
    Clean Clean,
    Seal Seal,
    CaptureImage CaptureImage,
    CopyImage CopyImage,
    LaunchTester LaunchTester,
    BootTest BootTest,
    ScanImage ScanImage,
    Judge Judge,
    Attest Attest,
    Publish Publish,
    Retire Retire
)
{
    /// <summary>Those that every bake goes through.</summary>
    public IReadOnlyList<string> Names =>
        [
            PinBase.Name,
            Preflight.Name,
            LaunchBuilder.Name,
            AwaitAgent.Name,
            ApplySteps.Name,
            Clean.Name,
            Seal.Name,
            CaptureImage.Name,
            CopyImage.Name,
            LaunchTester.Name,
            BootTest.Name,
            ScanImage.Name,
            Judge.Name,
            Attest.Name,
            Publish.Name,
            Retire.Name,
        ];
}
