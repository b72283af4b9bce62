using System.Globalization;
using Amazon.EC2;
using Amazon.EC2.Model;
using BakeWorker.Aws.Errors;
using BakeWorker.Aws.Naming;
using BakeWorker.Aws.Resilience;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using LaunchTemplate = BakeWorker.Core.Cloud.LaunchTemplate;

namespace BakeWorker.Aws.Ec2;

/// <summary>Launch templates of one Region.</summary>
internal sealed class LaunchTemplates(IAmazonEC2 ec2) : ILaunchTemplates
{
    private const string Gone = "launchTemplateVersionDoesNotExist";

    public async Task<LaunchTemplate?> FindAsync(string name, CancellationToken ct)
    {
        try
        {
            var request = new DescribeLaunchTemplatesRequest { LaunchTemplateNames = [name] };
            var found = (await ec2.DescribeLaunchTemplatesAsync(request, ct)).LaunchTemplates?.FirstOrDefault();
            return found is null
                ? null
                : new LaunchTemplate(name, found.LaunchTemplateId, found.DefaultVersionNumber ?? 0, found.LatestVersionNumber ?? 0);
        }
        catch (BakeFailedException failure) when (failure.Is("InvalidLaunchTemplateName.NotFound", "InvalidLaunchTemplateId.NotFound"))
        {
            return null;
        }
    }

    public async Task<TemplateVersion?> FindVersionAsync(string name, long number, CancellationToken ct)
    {
        try
        {
            return await ReadAsync(name, request => request.Versions = [Text(number)], ct) is [var version, ..] ? version : null;
        }
        catch (BakeFailedException failure) when (failure.Is("InvalidLaunchTemplateId.VersionNotFound"))
        {
            return null;
        }
    }

    public async Task<TemplateVersion?> FindVersionAsync(string name, ImageId image, CancellationToken ct) =>
        (await ListVersionsAsync(name, image, ct)).MaxBy(version => version.Number);

    public Task<IReadOnlyList<TemplateVersion>> ListVersionsAsync(string name, ImageId image, CancellationToken ct) =>
        ReadAsync(name, request => request.Filters = [Ec2Tags.Filter("image-id", image.Value)], ct);

    public async Task<TemplateVersion> EnsureVersionAsync(TemplateOrder order, CancellationToken ct)
    {
        if (await FindVersionAsync(order.Name, order.Image, ct) is { } found)
        {
            return found;
        }

        var response = await ec2.CreateLaunchTemplateVersionAsync(
            new CreateLaunchTemplateVersionRequest
            {
                ClientToken = Names.TemplateToken(order),
                LaunchTemplateName = order.Name,
                SourceVersion = Text(order.Source),
                VersionDescription = order.Description,
                LaunchTemplateData = new RequestLaunchTemplateData { ImageId = order.Image.Value },
            },
            ct
        );
        return View(response.LaunchTemplateVersion);
    }

    public async Task<long> EnsureDefaultAsync(string name, long version, CancellationToken ct)
    {
        var request = new ModifyLaunchTemplateRequest { LaunchTemplateName = name, DefaultVersion = Text(version) };
        return (await ec2.ModifyLaunchTemplateAsync(request, ct)).LaunchTemplate?.DefaultVersionNumber ?? 0;
    }

    public async Task RemoveVersionAsync(string name, long version, CancellationToken ct)
    {
        var request = new DeleteLaunchTemplateVersionsRequest { LaunchTemplateName = name, Versions = [Text(version)] };
        var response = await ec2.DeleteLaunchTemplateVersionsAsync(request, ct);
        // The call succeeds, whatever became of each version.
        var failed = (response.UnsuccessfullyDeletedLaunchTemplateVersions ?? []).FirstOrDefault(item => item.ResponseError?.Code != Gone);
        if (failed is not null)
        {
            throw new BakeFailedException(
                FailureKind.Failed,
                FailureCodes.AwsRejected,
                $"version {version} of launch template {name} was not deleted: {failed.ResponseError?.Code}: {failed.ResponseError?.Message}; "
                    + "delete it by hand if nobody needs it."
            );
        }
    }

    private async Task<IReadOnlyList<TemplateVersion>> ReadAsync(
        string name,
        Action<DescribeLaunchTemplateVersionsRequest> narrow,
        CancellationToken ct
    ) =>
        [
            .. (
                await Pages.ReadAllAsync<LaunchTemplateVersion>(async token =>
                {
                    var request = new DescribeLaunchTemplateVersionsRequest { LaunchTemplateName = name, NextToken = token };
                    narrow(request);
                    var page = await ec2.DescribeLaunchTemplateVersionsAsync(request, ct);
                    return (page.LaunchTemplateVersions, page.NextToken);
                })
            ).Select(View),
        ];

    private static TemplateVersion View(LaunchTemplateVersion version) =>
        new(
            version.VersionNumber ?? 0,
            version.LaunchTemplateData?.ImageId is { Length: > 0 } image ? new ImageId(image) : null,
            version.VersionDescription ?? ""
        );

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
