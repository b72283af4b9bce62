using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Aws.Tests;

/// <summary>A bake and its orders, as the pipeline would make them.</summary>
internal static class Sample
{
    public static Recipe Recipe(string name = "debian-12-base") =>
        new()
        {
            Name = name,
            Owner = "platform-team",
            Platform = Platform.Linux,
            Architecture = Architecture.X86_64,
            Base = new BaseSource { Parameter = "/aws/service/debian/release/12/latest/amd64", Owners = ["136693071363"] },
            Steps = [],
            Digest = "sha256:0123",
            Tags = new Dictionary<string, string> { ["CostCentre"] = "4711" },
        };

    public static Bake Bake(string requestId = "ci-1", Recipe? recipe = null) =>
        new()
        {
            Id = BakeId.For((recipe ?? Recipe()).Name, requestId),
            Request = new BakeRequest { Recipe = (recipe ?? Recipe()).Name, RequestId = requestId },
            Recipe = recipe ?? Recipe(),
            Parameters = new Dictionary<string, string>(),
            StartedAt = new DateTimeOffset(2026, 11, 22, 3, 0, 0, TimeSpan.Zero),
            Deadline = new DateTimeOffset(2026, 11, 22, 9, 0, 0, TimeSpan.Zero),
            Worker = "worker-1",
            TraceParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        };

    public static LaunchOrder Order(BaseImage image, string subnet, string type = "t3.small", Market market = Market.OnDemand) =>
        new()
        {
            Role = InstanceRole.Builder,
            Image = image,
            Rung = new Rung(type, subnet, market),
            RootVolumeGiB = 12,
            KmsKeyId = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555",
            InstanceProfile = "bakeworker",
            UserData = "#!/bin/sh\necho hello\n",
        };
}
