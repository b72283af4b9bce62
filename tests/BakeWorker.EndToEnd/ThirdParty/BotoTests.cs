namespace BakeWorker.EndToEnd.ThirdParty;

/// <summary>boto3, the SDK that most scripts around AWS are written with: resources, paginators and waiters.</summary>
public sealed class BotoTests
{
    private const string Script = """
        import os, boto3
        url = os.environ["AWS_ENDPOINT_URL"]
        ec2, ssm, sqs = (boto3.client(s, endpoint_url=url) for s in ("ec2", "ssm", "sqs"))
        debian = ec2.describe_images(Owners=["136693071363"])["Images"]
        assert debian and all(i["OwnerId"] == "136693071363" for i in debian), debian
        instance = boto3.resource("ec2", endpoint_url=url).create_instances(
            ImageId=debian[0]["ImageId"], InstanceType="t3.micro" if debian[0]["Architecture"] == "x86_64" else "t4g.micro",
            MinCount=1, MaxCount=1)[0]
        instance.wait_until_running()
        instance.reload()
        assert instance.state["Name"] == "running", instance.state
        seen = [i["InstanceId"] for page in ec2.get_paginator("describe_instances").paginate(PaginationConfig={"PageSize": 5})
            for r in page["Reservations"] for i in r["Instances"]]
        assert instance.id in seen, seen
        instance.terminate()
        instance.wait_until_terminated()
        queue = boto3.resource("sqs", endpoint_url=url).create_queue(QueueName="q.fifo", Attributes={"FifoQueue": "true"})
        queue.send_message(MessageBody="hello", MessageGroupId="g", MessageDeduplicationId="1",
            MessageAttributes={"traceparent": {"DataType": "String", "StringValue": "00-1"}})
        got = queue.receive_messages(MessageAttributeNames=["All"], AttributeNames=["All"], WaitTimeSeconds=2)
        assert got[0].body == "hello" and got[0].attributes["MessageGroupId"] == "g", got
        got[0].delete()
        names = [p["Name"] for page in ssm.get_paginator("get_parameters_by_path").paginate(
            Path="/aws/service/debian", Recursive=True) for p in page["Parameters"]]
        assert "/aws/service/debian/release/12/latest/amd64" in names, names
        try:
            ec2.run_instances(ImageId="ami-00000000000000000", InstanceType="t3.micro", MinCount=1, MaxCount=1)
            raise SystemExit("launched from nothing")
        except ec2.exceptions.ClientError as e:
            assert e.response["Error"]["Code"] == "InvalidAMIID.NotFound", e
        print("fine")
        """;

    [Fact]
    public async Task Boto3_ResourcesPaginatorsAndWaiters_Work()
    {
        var python = Tool.Find("python3");
        Assert.SkipWhen(python is null || !Directory.Exists("/usr/lib/python3/dist-packages/boto3"), "boto3 is not installed");
        await using var cloud = await OpenCloud.StartAsync();

        (await Tool.RunAsync(python!, ["-"], cloud.Url, Script)).Trim().Should().Be("fine");
    }
}
