using BakeWorker.Settings;

namespace BakeWorker.Commands;

/// <summary>What <c>local</c> says once it is up: everything another shell needs, ready to paste.</summary>
internal static class ReadyText
{
    public static string Of(Uri endpoint, WorkerSettings settings, string guest, bool hasWorker, Uri? board)
    {
        var url = endpoint.ToString().TrimEnd('/');
        var worker = hasWorker ? "a worker takes its requests" : "no worker: start 'bakeworker run' with these variables";
        return $$"""
            LocalCloud is ready: {{url}} ({{guest}} guests; {{worker}})

              board: {{board?.ToString() ?? "none"}}

              export AWS_ENDPOINT_URL={{url}}
              export AWS_ACCESS_KEY_ID=local
              export AWS_SECRET_ACCESS_KEY=local
              export AWS_REGION={{settings.Aws.Region}}

            Ask for a bake and watch it:

              bakeworker submit debian-12-base --wait
              aws sqs send-message --queue-url {{url}}/123456789012/{{settings.Aws.Queue}} --message-body '{"recipe": "debian-12-base", "requestId": "my-first"}'
              aws ec2 describe-instances --filters Name=tag-key,Values=bakeworker:bake-id
              aws sqs receive-message --queue-url {{url}}/123456789012/{{settings.Aws.ResultsQueue}}


            """;
    }
}
