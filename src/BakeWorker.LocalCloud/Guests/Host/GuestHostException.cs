namespace BakeWorker.LocalCloud.Guests.Host;

/// <summary>Guests could not be had on this machine; the message says what failed and why.</summary>
public sealed class GuestHostException(string message, Exception? inner = null) : Exception(message, inner);
