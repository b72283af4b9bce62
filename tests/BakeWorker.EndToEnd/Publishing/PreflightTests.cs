using Amazon.EC2.Model;
using Amazon.KeyManagementService.Model;
using Amazon.SimpleSystemsManagement.Model;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Policies;
using BakeWorker.Core.Recipes;
using BakeWorker.LocalCloud;
using BakeWorker.Testing;

namespace BakeWorker.EndToEnd.Publishing;

/// <summary>What would fail at the end is said at the start, with the mend, before anything is launched.</summary>
public sealed class PreflightTests
{
    [Fact]
    public void Share_WithAStranger_IsRefused()
    {
        using var shop = new Shopfront();
        var recipe = Sharing(shop.Recipe, new LaunchPermissions { Accounts = [Shopfront.Friend, Shopfront.Stranger] });

        Breach(shop, recipe).Should().Contain($"publish.share.accounts names '{Shopfront.Stranger}'").And.NotContain(Shopfront.Friend);
    }

    [Fact]
    public void Share_WithOrganizationsNobodyAllowed_IsRefusedOneByOne()
    {
        using var shop = new Shopfront();
        const string unit = "arn:aws:organizations::999988887777:ou/o-abcdefghij/ou-abcd-12345678";
        const string organization = "arn:aws:organizations::999988887777:organization/o-klmnopqrst";
        var recipe = Sharing(shop.Recipe, new LaunchPermissions { OrganizationalUnitArns = [unit], OrganizationArns = [organization] });

        Breach(shop, recipe).Should().Contain(unit).And.Contain(organization);
    }

    [Fact]
    public void Share_WithEverybody_IsRefused_AsLongAsTheOperatorDoesNotLetIt()
    {
        using var shop = new Shopfront();

        Breach(shop, Public(shop.Recipe)).Should().Contain("shares nothing with everybody");
    }

    [Fact]
    public void Share_WithEverybody_IsRefused_WhereTheAccountBlocksIt_OrTheImageIsEncrypted()
    {
        using var shop = new Shopfront(OperatorPolicy.Default with { Share = new() { Public = true } });
        var encrypted = Public(shop.Recipe) with { Builder = shop.Recipe.Builder };

        Refusal(shop, encrypted).Should().Contain("EC2 makes no encrypted image public").And.Contain("blocks public access to AMIs");
    }

    [Fact]
    public void Share_WithEverybody_IsPublished_WhereBothLetIt()
    {
        using var shop = new Shopfront(
            OperatorPolicy.Default with
            {
                Share = new() { Public = true },
                Require = new() { Encryption = false },
            }
        );
        shop.Run(() => shop.In(Bakery.Region).Ec2.DisableImageBlockPublicAccessAsync(new DisableImageBlockPublicAccessRequest()));

        var result = shop.Bake("one", Public(shop.Recipe));

        result.Failure.Should().BeNull();
        shop.Permissions(Bakery.Region, result.Images[Bakery.Region]).Should().Equal("all");
    }

    [Fact]
    public void Share_OfWhatEbssOwnKeyEncrypts_IsRefusedWithTheMend()
    {
        using var shop = new Shopfront();
        var recipe = shop.Recipe with
        {
            Builder = shop.Recipe.Builder with { KmsKeyId = null },
            Publish = shop.Recipe.Publish with { KmsKeys = new Dictionary<string, string> { ["us-east-1"] = "alias/aws/ebs" } },
        };

        Refusal(shop, recipe)
            .Should()
            .Contain("EBS's own key")
            .And.Contain("eu-west-1: ")
            .And.Contain("name a key of your own in builder.rootVolume.kmsKey")
            .And.Contain("name a key of your own in publish.kmsKeys.us-east-1")
            .And.Contain("name a key of your own in publish.kmsKeys.eu-central-1");
    }

    [Fact]
    public void Share_UnderAnotherDefaultKeyOfTheAccount_IsPublished()
    {
        using var shop = new Shopfront();
        foreach (var region in Shopfront.Regions)
        {
            var request = new ModifyEbsDefaultKmsKeyIdRequest { KmsKeyId = LocalCloudDefaults.KmsAlias };
            shop.Run(() => shop.In(region).Ec2.ModifyEbsDefaultKmsKeyIdAsync(request));
        }

        var recipe = shop.Recipe with
        {
            Builder = shop.Recipe.Builder with { KmsKeyId = null },
            Publish = shop.Recipe.Publish with { KmsKeys = new Dictionary<string, string>() },
        };

        shop.Bake("one", recipe).Failure.Should().BeNull();
    }

    [Fact]
    public void Share_UnderAKeyThatTheFriendMayNotUse_IsRefused()
    {
        using var shop = new Shopfront();
        shop.Run(() => shop.AllowKeyAsync("us-east-1", "999900009999"));

        Refusal(shop, shop.Recipe)
            .Should()
            .Contain($"does not let {Shopfront.Friend} use it")
            .And.Contain("us-east-1: ")
            .And.Contain("kms:CreateGrant");
    }

    [Fact]
    public void Key_ThatIsDisabledOrAbsent_IsRefused()
    {
        using var shop = new Shopfront();
        shop.Run(() => shop.In("us-east-1").Kms.DisableKeyAsync(new DisableKeyRequest { KeyId = LocalCloudDefaults.KmsKeyId }));
        var keys = new Dictionary<string, string>(shop.Recipe.Publish.KmsKeys) { ["eu-central-1"] = "alias/nobodys" };
        var recipe = shop.Recipe with { Publish = shop.Recipe.Publish with { KmsKeys = keys, Share = new LaunchPermissions() } };

        Refusal(shop, recipe).Should().Contain("its state is Disabled").And.Contain("eu-central-1: there is no KMS key alias/nobodys");
    }

    [Fact]
    public void Pointer_ThatIsNoImageParameter_IsRefused()
    {
        using var shop = new Shopfront();
        shop.Run(() =>
            shop.In("us-east-1")
                .Ssm.PutParameterAsync(
                    new PutParameterRequest
                    {
                        Name = shop.Pointer,
                        Value = "ami-0123456789abcdef0",
                        Type = "String",
                    }
                )
        );

        Refusal(shop, shop.Recipe).Should().Contain("us-east-1: ").And.Contain("String of data type text").And.Contain("publish.pointer");
    }

    [Fact]
    public void Pointer_WhoseOldestVersionHasALabel_IsRefusedWhenItIsFull()
    {
        using var shop = new Shopfront();
        var image = shop.Bake("one").Images[Bakery.Region];
        shop.Run(async () =>
        {
            await shop.In(Bakery.Region)
                .Ssm.LabelParameterVersionAsync(new LabelParameterVersionRequest { Name = shop.Pointer, Labels = ["stable"] });
            for (var version = 2; version <= 100; version++)
            {
                await shop.PointAsync(Bakery.Region, image);
            }
        });

        Refusal(shop, shop.Recipe, "two").Should().Contain("100 versions, of which the oldest has a label");
    }

    [Fact]
    public void Template_ThatIsNotThere_IsRefused_AndEverythingElseWithIt()
    {
        using var shop = new Shopfront();
        shop.Run(() =>
            shop.In("eu-central-1")
                .Ec2.DeleteLaunchTemplateAsync(new DeleteLaunchTemplateRequest { LaunchTemplateName = Shopfront.Template })
        );
        shop.Run(() => shop.In("us-east-1").Kms.DisableKeyAsync(new DisableKeyRequest { KeyId = LocalCloudDefaults.KmsKeyId }));

        Refusal(shop, shop.Recipe)
            .Should()
            .Contain("eu-central-1: there is no launch template web")
            .And.Contain("us-east-1: EBS cannot encrypt");
    }

    private static string Breach(Shopfront shop, Recipe recipe) => Refusal(shop, recipe, "one", FailureCodes.PolicyRefused, "pin-base");

    private static string Refusal(
        Shopfront shop,
        Recipe recipe,
        string requestId = "one",
        string code = FailureCodes.TargetUnfit,
        string stage = "preflight"
    )
    {
        var before = shop.Bakery.Guests.Guests.Count;
        var result = shop.Bake(requestId, recipe);
        (result.Outcome, result.Failure!.Code, result.Failure.Stage).Should().Be((Outcome.Rejected, code, stage));
        shop.Bakery.Guests.Guests.Should().HaveCount(before, "nothing is launched for what cannot be published");
        return $"{result.Failure.Message} {result.Failure.Evidence}";
    }

    private static Recipe Sharing(Recipe recipe, LaunchPermissions share) =>
        recipe with
        {
            Publish = recipe.Publish with { Share = share },
        };

    private static Recipe Public(Recipe recipe) =>
        recipe with
        {
            Builder = recipe.Builder with { Encrypted = false, KmsKeyId = null },
            Publish = recipe.Publish with
            {
                Regions = [],
                KmsKeys = new Dictionary<string, string>(),
                Share = new LaunchPermissions { IsPublic = true },
                ShareSnapshots = false,
            },
        };
}
