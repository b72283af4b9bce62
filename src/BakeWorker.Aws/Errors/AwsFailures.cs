using System.Globalization;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Amazon.Runtime;
using BakeWorker.Core.Bakes;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace BakeWorker.Aws.Errors;

/// <summary>Turns what the SDK throws into the one way in which a bake fails.</summary>
internal static partial class AwsFailures
{
    // What the SDK says next lists everywhere it looked, over many lines.
    private const string NoCredentials = "Failed to resolve AWS credentials";

    /// <summary>The failure, with the AWS exception inside. <paramref name="action"/> is an IAM action such as <c>ec2:RunInstances</c>.</summary>
    public static BakeFailedException Translate(string action, Exception exception, DateTimeOffset now) =>
        exception switch
        {
            AmazonServiceException aws when aws.ErrorCode is { Length: > 0 } || (int)aws.StatusCode >= 300 => FromService(action, aws),
            BrokenCircuitException open => new BakeFailedException(
                FailureKind.Transient,
                FailureCodes.AwsUnavailable,
                $"{action} was not sent: {open.TelemetrySource?.StrategyName} has not answered for a while and is asked again{Until(open, now)}; "
                    + "see AWS's health page, the bake is tried again.",
                exception
            ),
            AmazonClientException => Unsent($"{action} could not be sent", exception),
            _ => new BakeFailedException(
                FailureKind.Transient,
                FailureCodes.AwsUnavailable,
                $"{action} did not get through: {Sentence(exception.Message)}; check the way to AWS, the bake is tried again.",
                exception
            ),
        };

    /// <summary>No client could be made, so nothing was called.</summary>
    public static BakeFailedException Unopened(AmazonClientException exception) => Unsent("AWS cannot be called", exception);

    /// <summary>The SDK, the network or the circuit breaker threw it; anything else is a defect of this program.</summary>
    public static bool IsOfTheCall(Exception exception) =>
        exception is AmazonServiceException or AmazonClientException or BrokenCircuitException || IsBroken(exception);

    /// <summary>The call broke on its way: nobody knows whether it had an effect.</summary>
    public static bool IsBroken(Exception exception) =>
        exception
            is HttpRequestException
                or IOException
                or SocketException
                or TimeoutRejectedException
                or TimeoutException
                or OperationCanceledException
        || exception is AmazonClientException { InnerException: { } inner } && IsBroken(inner);

    /// <summary>Whether this failure is AWS's answer with one of these codes.</summary>
    public static bool Is(this BakeFailedException failure, params ReadOnlySpan<string> codes) =>
        failure.AwsCode() is { } actual && codes.Contains(actual);

    public static string? AwsCode(this BakeFailedException failure) =>
        failure.InnerException is AmazonServiceException aws ? AwsErrors.CodeOf(aws) : null;

    public static bool IsMissing(this BakeFailedException failure) =>
        failure.AwsCode() is { } code && code.EndsWith("NotFound", StringComparison.Ordinal);

    private static BakeFailedException Unsent(string what, Exception exception) =>
        new(
            FailureKind.Failed,
            FailureCodes.AwsDenied,
            exception.Message.StartsWith(NoCredentials, StringComparison.Ordinal)
                ? $"{what}: there are no AWS credentials; give some by AWS_PROFILE, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the "
                    + "role of the machine (LocalCloud takes any)."
                : $"{what}: {Sentence(exception.Message)}; check the credentials, the profile, the Region and AWS_ENDPOINT_URL.",
            exception
        );

    private static BakeFailedException FromService(string action, AmazonServiceException aws)
    {
        var code = AwsErrors.CodeOf(aws);
        var error = AwsErrors.Find(aws);
        var what =
            error.FailureCode == FailureCodes.AwsDenied && code is "UnauthorizedOperation" or "AccessDenied"
                ? $"The worker lacks the permission {MissingPermission(aws.Message) ?? action}"
                : $"{action} answered {(code.Length > 0 ? code : $"HTTP {(int)aws.StatusCode}")}";
        return new BakeFailedException(Kind(error), error.FailureCode, $"{what}: {Sentence(aws.Message)}; {error.Advice}.", aws)
        {
            Evidence = string.IsNullOrEmpty(aws.RequestId) ? null : $"AWS request id {aws.RequestId}",
        };
    }

    private static string Until(BrokenCircuitException open, DateTimeOffset now) =>
        open.RetryAfter is { } pause ? $" at {(now + pause).UtcDateTime.ToString("HH:mm:ss'Z'", CultureInfo.InvariantCulture)}" : " soon";

    private static FailureKind Kind(AwsError error) =>
        error switch
        {
            { FailureCode: FailureCodes.RecipeInvalid } => FailureKind.Invalid,
            { Remedy: Remedy.Retry or Remedy.NextRung or Remedy.Wait } => FailureKind.Transient,
            _ => FailureKind.Failed,
        };

    private static string? MissingPermission(string message)
    {
        var match = PermissionPattern().Match(message);
        return match.Success ? match.Groups[1].Value : null;
    }

    // EC2 appends an encoded explanation of several kilobytes to a refusal; it says nothing to a reader.
    private static string Sentence(string message)
    {
        var encoded = message.IndexOf("Encoded authorization failure message", StringComparison.Ordinal);
        var text = (encoded < 0 ? message : message[..encoded]).ReplaceLineEndings(" ").Trim();
        return (text.Length > 600 ? text[..600] + "…" : text).TrimEnd('.', ' ');
    }

    [GeneratedRegex("not authorized to perform:? ([a-z0-9-]+:[A-Za-z0-9]+)")]
    private static partial Regex PermissionPattern();
}
