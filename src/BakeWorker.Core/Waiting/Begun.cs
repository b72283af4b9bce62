namespace BakeWorker.Core.Waiting;

/// <summary>
/// What is waited for and since when it is on its way. Things with the same <paramref name="Name"/> take similarly long, so the last ones tell
/// when it is worth looking at this one.
/// </summary>
public readonly record struct Begun(string Name, DateTimeOffset At);
