namespace BakeWorker.Core.Scheduling;

/// <summary>Whether this worker asks for the bakes that recipes are scheduled for.</summary>
public sealed class ScheduleOptions
{
    /// <summary>Path of the SSM parameters in which workers write down how far each schedule has come. Empty: this worker looks after none.</summary>
    public string Parameters { get; set; } = "/bakeworker/schedules";
}
