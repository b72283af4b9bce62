namespace BakeWorker.Core.Scheduling;

/// <summary>Whether this worker asks for the bakes that recipes are scheduled for.</summary>
public sealed class ScheduleOptions
{
    /// <summary>Path of the SSM parameters in which workers write down how far each schedule has come. Empty: this worker looks after none.</summary>
    public string Parameters { get; set; } = "/bakeworker/schedules";

    /// <summary>How often the bases of recipes are held against their images in use; zero for never. Default 1 h.</summary>
    public TimeSpan Bases { get; set; } = TimeSpan.FromHours(1);
}
