using Amazon.EC2.Model;
using Amazon.KeyManagementService.Model;
using Amazon.SimpleSystemsManagement.Model;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Policies;
using BakeWorker.Core.Recipes;
using BakeWorker.LocalCloud;
using BakeWorker.Testing;
using Microsoft.Extensions.DependencyInjection;
using Image = Amazon.EC2.Model.Image;

namespace BakeWorker.EndToEnd.Publishing;

/// <summary>
/// An account that consumers look at, in three Regions: a pointer and a launch template in each, and a friend whom the operator and the keys let
/// share.
/// </summary>
internal sealed class Shopfront : IDisposable
{
    public const string Friend = "111122223333";
    public const string Stranger = "666677778888";
    public const string Template = "web";
    public static readonly string[] Regions = ["eu-central-1", "us-east-1", Bakery.Region];

    /// <summary>The operator's policy of this account.</summary>
    public static readonly OperatorPolicy Policy = OperatorPolicy.Default with { Share = new() { Accounts = [Friend] } };
    private readonly Dictionary<string, LocalCloudClients> _clients;

    public Shopfront(OperatorPolicy? policy = null)
    {
        Bakery = Bakery.Open(register: services => services.AddSingleton(policy ?? Policy));
        _clients = Regions.ToDictionary(region => region, region => new LocalCloudClients(Bakery.Cloud, region));
        Recipe = Everything(Bakery.Recipe());
        Bakery.Time.Run(async () =>
        {
            foreach (var region in Regions)
            {
                await AllowKeyAsync(region, Friend);
                await AddTemplateAsync(region);
            }
        });
    }

    public Bakery Bakery { get; }

    /// <summary>Publishes whatever can be published, under keys of the account's own.</summary>
    public Recipe Recipe { get; }
    public string Pointer => Recipe.Publish.Pointer!;

    public static string Key(string region) => $"arn:aws:kms:{region}:123456789012:key/{LocalCloudDefaults.KmsKeyId}";

    public LocalCloudClients In(string region) => _clients[region];

    public BakeResult Bake(string requestId, Recipe? recipe = null) => Bakery.Bake(recipe ?? Recipe, requestId);

    public T Run<T>(Func<Task<T>> work) => Bakery.Time.Run(work);

    public void Run(Func<Task> work) => Bakery.Time.Run(work);

    public void Pass(TimeSpan time) =>
        Run(async () =>
        {
            // Timers take no more than 49 days.
            for (var left = time; left > TimeSpan.Zero; left -= TimeSpan.FromDays(30))
            {
                await Task.Delay(left < TimeSpan.FromDays(30) ? left : TimeSpan.FromDays(30), Bakery.Time);
            }
        });

    /// <summary>What each Region's pointer names; null where there is none.</summary>
    public Dictionary<string, string?> Pointers() => Each(PointerAsync);

    /// <summary>The image that launches from each Region's template take.</summary>
    public Dictionary<string, string?> Defaults() =>
        Each<string?>(async region =>
        {
            var request = new DescribeLaunchTemplateVersionsRequest { LaunchTemplateName = Template, Versions = ["$Default"] };
            return (await In(region).Ec2.DescribeLaunchTemplateVersionsAsync(request))
                .LaunchTemplateVersions.Single()
                .LaunchTemplateData.ImageId;
        });

    public Dictionary<string, int> TemplateVersions() =>
        Each(async region =>
        {
            var request = new DescribeLaunchTemplateVersionsRequest { LaunchTemplateName = Template };
            return (await In(region).Ec2.DescribeLaunchTemplateVersionsAsync(request)).LaunchTemplateVersions.Count;
        });

    /// <summary>Who may launch an image, by Region.</summary>
    public string[] Permissions(string region, string image) =>
        Run(async () =>
        {
            var request = new DescribeImageAttributeRequest(image, Amazon.EC2.ImageAttributeName.LaunchPermission);
            var read = (await In(region).Ec2.DescribeImageAttributeAsync(request)).ImageAttribute.LaunchPermissions ?? [];
            return read.Select(permission => permission.UserId ?? permission.OrganizationArn ?? permission.Group.Value).ToArray();
        });

    /// <summary>Our images in all Regions, disabled ones too.</summary>
    public List<Image> Images() =>
        [
            .. Each(async region =>
            {
                var request = new DescribeImagesRequest { Owners = ["self"], IncludeDisabled = true };
                return (await In(region).Ec2.DescribeImagesAsync(request)).Images ?? [];
            })
                .Values.SelectMany(images => images),
        ];

    public Image ImageOf(string region, string id) =>
        Run(async () =>
            (
                await In(region).Ec2.DescribeImagesAsync(new DescribeImagesRequest { ImageIds = [id], IncludeDisabled = true })
            ).Images.Single()
        );

    public Dictionary<string, T> Each<T>(Func<string, Task<T>> read) =>
        Run(async () =>
        {
            var all = new Dictionary<string, T>();
            foreach (var region in Regions)
            {
                all[region] = await read(region);
            }

            return all;
        });

    public Task AllowKeyAsync(string region, string account) =>
        In(region)
            .Kms.PutKeyPolicyAsync(
                new PutKeyPolicyRequest
                {
                    KeyId = LocalCloudDefaults.KmsKeyId,
                    Policy = $$"""
                    { "Version": "2012-10-17", "Statement": [
                      { "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::123456789012:root" }, "Action": "kms:*", "Resource": "*" },
                      { "Effect": "Allow", "Principal": { "AWS": ["arn:aws:iam::{{account}}:root"] }, "Resource": "*",
                        "Action": ["kms:DescribeKey", "kms:CreateGrant", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"] } ] }
                    """,
                }
            );

    public async Task PointAsync(string region, string image)
    {
        var request = new PutParameterRequest
        {
            Name = Pointer,
            Value = image,
            Type = "String",
            DataType = "aws:ec2:image",
            Overwrite = true,
        };
        await In(region).Ssm.PutParameterAsync(request);
        await Task.Delay(TimeSpan.FromSeconds(10), Bakery.Time);
    }

    public void Dispose()
    {
        foreach (var clients in _clients.Values)
        {
            clients.Dispose();
        }

        Bakery.Dispose();
    }

    private async Task<string?> PointerAsync(string region)
    {
        try
        {
            return (await In(region).Ssm.GetParameterAsync(new GetParameterRequest { Name = Pointer })).Parameter.Value;
        }
        catch (ParameterNotFoundException)
        {
            return null;
        }
    }

    private async Task AddTemplateAsync(string region) =>
        await In(region)
            .Ec2.CreateLaunchTemplateAsync(
                new CreateLaunchTemplateRequest
                {
                    LaunchTemplateName = Template,
                    LaunchTemplateData = new() { ImageId = "ami-00000000000000001", InstanceType = "t3.small" },
                }
            );

    private static Recipe Everything(Recipe recipe) =>
        recipe with
        {
            Builder = recipe.Builder with { KmsKeyId = Key(Bakery.Region) },
            Publish = recipe.Publish with
            {
                Regions = ["us-east-1", "eu-central-1"],
                Share = new LaunchPermissions { Accounts = [Friend] },
                ShareSnapshots = true,
                LaunchTemplate = Template,
                KmsKeys = new Dictionary<string, string> { ["eu-central-1"] = Key("eu-central-1"), ["us-east-1"] = Key("us-east-1") },
            },
        };
}
