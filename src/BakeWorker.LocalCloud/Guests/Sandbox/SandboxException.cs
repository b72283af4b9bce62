namespace BakeWorker.LocalCloud.Guests.Sandbox;

/// <summary>A sandbox could not do its work on this machine; the message says what failed and why.</summary>
public sealed class SandboxException(string message, Exception? inner = null) : Exception(message, inner);
