using System.CommandLine;

namespace BakeWorker.Commands;

/// <summary><c>submit</c>: puts a request into the queue, and follows it to its result when asked to.</summary>
internal static class SubmitCommand
{
    private static readonly TimeSpan DefaultPatience = TimeSpan.FromHours(6);

    public static Command Create(Shell shell)
    {
        var recipe = new Argument<string>("RECIPE") { Description = "Name of a recipe that the workers know, or '*' for each of them" };
        var parameters = ParameterOption.Create();
        var labels = ParameterOption.CreateLabel();
        var wait = new Option<bool>("--wait") { Description = "Wait for the result; its outcome becomes the exit code" };
        var timeout = new Option<TimeSpan>("--timeout")
        {
            Description = "How long --wait waits, such as 90s, 30m or 2h",
            HelpName = "TIME",
            DefaultValueFactory = _ => DefaultPatience,
            CustomParser = TimeOption.Parse,
        };
        var requestId = new Option<string?>("--request-id")
        {
            Description = "Your own id: the same recipe and id is the same bake (default: a new one each time)",
            HelpName = "ID",
        };
        var ifChanged = new Option<bool>("--if-changed") { Description = "Skip when nothing changed since the image in use" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Everything up to the first change" };
        var json = new Option<bool>("--json") { Description = "With --wait print the result, else the request, as one JSON document" };
        var common = new CommonOptions();
        var command = new Command("submit", "Puts a bake request into the queue")
        {
            recipe,
            parameters,
            labels,
            wait,
            timeout,
            requestId,
            ifChanged,
            dryRun,
            json,
        };
        common.AddTo(command);
        command.SetAction(
            (parsed, ct) =>
                new OneRequest(
                    shell,
                    new SubmitArguments(parsed.GetRequiredValue(recipe), common.Read(parsed))
                    {
                        Parameters = ParameterOption.Read(parsed.GetValue(parameters) ?? []),
                        Labels = ParameterOption.Read(parsed.GetValue(labels) ?? [], "--label"),
                        RequestId = parsed.GetValue(requestId) ?? Requests.NewId(shell),
                        Patience = parsed.GetValue(wait) ? parsed.GetValue(timeout) : null,
                        IfChanged = parsed.GetValue(ifChanged),
                        IsDryRun = parsed.GetValue(dryRun),
                        IsJson = parsed.GetValue(json),
                    }
                ).RunAsync(ct)
        );
        return command;
    }
}

/// <summary>What <c>submit</c> was asked for.</summary>
internal sealed record SubmitArguments(string Recipe, CommonArguments Common)
{
    public required IReadOnlyDictionary<string, string> Parameters { get; init; }
    public required IReadOnlyDictionary<string, string> Labels { get; init; }
    public required string RequestId { get; init; }

    /// <summary>How long to wait for the result; null for not at all.</summary>
    public required TimeSpan? Patience { get; init; }
    public required bool IfChanged { get; init; }
    public required bool IsDryRun { get; init; }
    public required bool IsJson { get; init; }
}
