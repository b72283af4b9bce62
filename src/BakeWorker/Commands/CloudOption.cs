using System.CommandLine;

namespace BakeWorker.Commands;

/// <summary><c>--cloud</c> of commands that look at images: those of an account, or those of this machine.</summary>
internal static class CloudOption
{
    public const string Local = "local";
    private const string Aws = "aws";

    public static Option<string> Create()
    {
        var cloud = new Option<string>("--cloud")
        {
            Description = "Your AWS account (or what AWS_ENDPOINT_URL names), or the images that 'bake' keeps on this machine",
            DefaultValueFactory = _ => Aws,
        };
        cloud.AcceptOnlyFromAmong(Aws, Local);
        return cloud;
    }
}
