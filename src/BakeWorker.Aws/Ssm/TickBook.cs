using System.Globalization;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using BakeWorker.Aws.Errors;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;

namespace BakeWorker.Aws.Ssm;

/// <summary>
/// Parameters that say <c>TICK sent AT</c> or <c>TICK claimed AT</c>, and perhaps what for. SSM has no conditional write, but it numbers them: whoever gets the number
/// after the one that was read was first.
/// </summary>
internal sealed class TickBook(IAmazonSimpleSystemsManagement ssm, Parameters known) : ITickBook
{
    private const string Form = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    public async Task<IReadOnlyDictionary<string, TickEntry>> ReadAsync(IReadOnlyCollection<string> parameters, CancellationToken ct)
    {
        var found = await Task.WhenAll(parameters.Distinct().Select(name => known.FindAsync(name, ct)));
        return found
            .OfType<Parameter>()
            .ToDictionary(parameter => parameter.Name, parameter => Parse(parameter.Value) with { Version = parameter.Version ?? 0 });
    }

    public async Task<TickEntry?> TryWriteAsync(string parameter, TickEntry? previous, TickEntry next, CancellationToken ct)
    {
        try
        {
            var request = new PutParameterRequest
            {
                Name = parameter,
                Value = Text(next),
                Type = ParameterType.String,
                Overwrite = previous is not null,
                // SSM takes tags only in the call that makes the parameter.
                Tags = previous is null ? [new Tag { Key = ResourceTags.Role, Value = "schedule" }] : null,
            };
            var version = (await ssm.PutParameterAsync(request, ct)).Version ?? 0;
            return version == (previous?.Version ?? 0) + 1 ? next with { Version = version } : null;
        }
        catch (BakeFailedException failure) when (previous is null && failure.Is("ParameterAlreadyExists"))
        {
            return null;
        }
    }

    private static string Text(TickEntry entry) =>
        $"{Time(entry.Tick)} {(entry.IsSent ? "sent" : "claimed")} {Time(entry.At)} {entry.Of}".TrimEnd();

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString(Form, CultureInfo.InvariantCulture);

    private static TickEntry Parse(string value) =>
        value.Split(' ') is [var tick, "sent" or "claimed", var at, .. { Length: <= 1 } of]
        && TryTime(tick, out var due)
        && TryTime(at, out var written)
            ? new TickEntry(due, written, value.Contains(" sent ", StringComparison.Ordinal)) { Of = of.FirstOrDefault() }
            : TickEntry.Unreadable;

    private static bool TryTime(string text, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(text, Form, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
}
