namespace BakeWorker.Tests.Commands;

public sealed class PolicyCommandTests : IDisposable
{
    private readonly CommandLine _line = new();

    public void Dispose() => _line.Dispose();

    [Theory]
    [InlineData("worker", "ec2:RunInstances")]
    [InlineData("builder", "ssmmessages:OpenDataChannel")]
    [InlineData("reader", "s3:GetObject")]
    [InlineData("doctor", "ec2:DescribeVpcEndpoints")]
    public void Policy_OfARole_IsOneDocument(string role, string action)
    {
        _line.Run("policy", "iam", "--role", role, "--region", "eu-west-1").Should().Be(0, _line.Error.ToString());

        _line.Json.GetProperty("Version").GetString().Should().Be("2012-10-17");
        _line.Output.ToString().Should().Contain($"\"{action}\"").And.Contain("\"eu-west-1\"");
    }

    [Theory]
    [InlineData("worker", true)]
    [InlineData("worker-machines", false)]
    [InlineData("worker-records", false)]
    public void Policy_TooLongForAManagedOne_SaysSoBesideTheDocument(string role, bool isTooLong)
    {
        _line.Run("policy", "iam", "--role", role, "--region", "eu-west-1", "--account", "111122223333").Should().Be(0);

        _line.Json.GetProperty("Statement").GetArrayLength().Should().BePositive();
        _line.Error.ToString().Contains("a managed one only 6144").Should().Be(isTooLong, _line.Error.ToString());
    }

    [Fact]
    public void Policy_OfTheseSettings_NamesWhatTheyName()
    {
        string[] settings =
        [
            "Proof:Bucket=image-proofs",
            "Proof:KmsKey=alias/image-proofs",
            "Aws:Queue=bakes",
            "Aws:DeadLetterQueue=bakes-dead",
            "Schedule:Parameters=/our/schedules",
        ];

        _line
            .Run(["policy", "iam", "--account", "111122223333", .. settings.SelectMany(setting => new[] { "--set", setting })])
            .Should()
            .Be(0, _line.Error.ToString());

        _line
            .Output.ToString()
            .Should()
            .ContainAll(
                "arn:aws:s3:::image-proofs/proofs/*",
                "\"alias/image-proofs\"",
                "arn:aws:sqs:*:111122223333:bakes-dead",
                "arn:aws:sqs:*:111122223333:bakeworker-reply-*",
                "arn:aws:ssm:*:111122223333:parameter/images/debian-12-base/current",
                "arn:aws:ssm:*:111122223333:parameter/our/schedules/*"
            )
            .And.NotContain("OnlyInTheseRegions", "nobody knows the Region here");
    }

    [Fact]
    public void Policy_AccountThatIsNone_IsRefused()
    {
        _line.Run("policy", "iam", "--account", "12").Should().Be(2);

        _line.Error.ToString().Should().Contain("twelve digits");
    }
}
