using Amazon.EC2;
using Amazon.EC2.Model;
using BakeWorker.Aws.Errors;
using BakeWorker.Aws.Naming;
using BakeWorker.Aws.Resilience;
using BakeWorker.Aws.Ssm;
using BakeWorker.Aws.Telemetry;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;
using Ec2Image = Amazon.EC2.Model.Image;
using Image = BakeWorker.Core.Cloud.Image;
using ImageState = BakeWorker.Core.Cloud.ImageState;
using Instance = BakeWorker.Core.Cloud.Instance;
using InstanceState = BakeWorker.Core.Cloud.InstanceState;
using ResourceType = Amazon.EC2.ResourceType;

namespace BakeWorker.Aws.Ec2;

/// <summary>Images of one Region: bases, captured images and copies.</summary>
internal sealed class Images : IImages
{
    // EC2: at most 200 values in a filter.
    private const int FilterValues = 200;

    // How often a copy may be given up and made again within the memory of its tokens.
    private const int CopyGenerations = 3;
    private readonly IAmazonEC2 _ec2;
    private readonly BaseImages _bases;
    private readonly string _region;
    private readonly TimeProvider _time;
    private readonly Together<string, Ec2Image> _ofBakes;

    public Images(IAmazonEC2 ec2, Parameters parameters, string region, TimeProvider time)
    {
        (_ec2, _bases, _region, _time) = (ec2, new BaseImages(ec2, parameters, time), region, time);
        _ofBakes = new Together<string, Ec2Image>(ReadOfBakesAsync, time);
    }

    public Task<BaseImage?> FindBaseAsync(BaseSource source, Architecture architecture, CancellationToken ct) =>
        _bases.FindAsync(source, architecture, ct);

    public async Task<Image?> FindAsync(BakeId bake, CancellationToken ct)
    {
        var images = await ListAsync(bake, ct);
        // A failed image does not stand in the way of a good one.
        return images.OrderBy(image => image.State == ImageState.Failed).ThenBy(image => image.Id.Value).FirstOrDefault();
    }

    public async Task<Image> EnsureAsync(Bake bake, Instance builder, CancellationToken ct)
    {
        if (await FindAsync(bake.Id, ct) is { } found)
        {
            return found;
        }

        if (builder.State != InstanceState.Stopped)
        {
            throw Failed(
                FailureCodes.CaptureFailed,
                $"{builder.Id} is {builder.State}; an image is made only of a stopped builder, seal it first."
            );
        }

        var (name, tags) = (Names.Image(bake), Tags.OfImage(bake, builder));
        try
        {
            var response = await _ec2.CreateImageAsync(
                new CreateImageRequest
                {
                    InstanceId = builder.Id.Value,
                    Name = name,
                    Description = Description(bake),
                    TagSpecifications = tags.On(ResourceType.Image, ResourceType.Snapshot),
                },
                ct
            );
            return Begun(response.ImageId, name, tags);
        }
        catch (BakeFailedException failure) when (failure.Is("InvalidAMIName.Duplicate"))
        {
            if (await AdoptAsync(bake, name, image => image.SourceInstanceId == builder.Id.Value, ct) is { } own)
            {
                return own;
            }

            throw;
        }
    }

    public async Task<Image> EnsureCopyAsync(Bake bake, Image source, string? kmsKeyId, CancellationToken ct)
    {
        if (await FindAsync(bake.Id, ct) is { } found)
        {
            if (found.IsReleased || found.MadeOf is null || found.MadeOf == source.Id)
            {
                return found;
            }

            // Left of an attempt whose image was given up: nobody has tested what is in it.
            await RemoveAsync(found, ct);
        }

        return await CopyAsync(bake, source, kmsKeyId, 0, ct);
    }

    private async Task<Image> CopyAsync(Bake bake, Image source, string? kmsKeyId, int generation, CancellationToken ct)
    {
        var (name, tags) = (Names.Image(bake), Tags.OfCopy(bake, source));
        try
        {
            var response = await _ec2.CopyImageAsync(
                new CopyImageRequest
                {
                    ClientToken = Names.ClientToken(bake.Id, Tags.CopyRole, generation, $"{source.Region}/{source.Id}/{_region}"),
                    Name = name,
                    Description = Description(bake),
                    SourceImageId = source.Id.Value,
                    SourceRegion = source.Region,
                    Encrypted = true,
                    KmsKeyId = kmsKeyId,
                    TagSpecifications = tags.On(ResourceType.Image, ResourceType.Snapshot),
                },
                ct
            );
            return Begun(response.ImageId, name, tags);
        }
        catch (BakeFailedException failure) when (failure.Is("InvalidAMIName.Duplicate", "IdempotentParameterMismatch"))
        {
            if (await AdoptAsync(bake, name, image => image.SourceImageId == source.Id.Value, ct) is { } own)
            {
                return own;
            }

            // The token stands for a copy that was removed again; two copies at a time are not possible, because they have one name.
            if (failure.Is("IdempotentParameterMismatch") && generation < CopyGenerations)
            {
                return await CopyAsync(bake, source, kmsKeyId, generation + 1, ct);
            }

            throw;
        }
    }

    public async Task<IReadOnlyDictionary<ImageId, Image>> ReadAsync(IReadOnlyCollection<ImageId> ids, CancellationToken ct)
    {
        using var quiet = AwsTelemetry.BeQuiet();
        var images = await Pages.ReadAllAsync(
            ids.Select(id => id.Value),
            FilterValues,
            (some, token) => PageAsync([Ec2Tags.Filter("image-id", some)], token, ct)
        );
        return images.Select(View).ToSeen(image => image.Id);
    }

    public async Task<IReadOnlyList<Image>> ListAsync(string? recipe, CancellationToken ct)
    {
        List<Filter> filters = [Ec2Tags.Filter("tag-key", ResourceTags.BakeId)];
        if (recipe is not null)
        {
            filters.Add(Ec2Tags.TagFilter(ResourceTags.Recipe, recipe));
        }

        return [.. (await DescribeAsync(filters, ct)).Select(View)];
    }

    public async Task<IReadOnlyList<Image>> ListAsync(BakeId bake, CancellationToken ct) =>
        [.. (await _ofBakes.AskAsync(bake.Value, ct)).Select(View)];

    public Task TagAsync(ImageId id, IReadOnlyDictionary<string, string> tags, CancellationToken ct) =>
        _ec2.CreateTagsAsync(new CreateTagsRequest { Resources = [id.Value], Tags = tags.ToEc2() }, ct);

    public Task UntagAsync(ImageId id, string tag, CancellationToken ct) =>
        _ec2.DeleteTagsAsync(new DeleteTagsRequest { Resources = [id.Value], Tags = [new Tag { Key = tag }] }, ct);

    public async Task<bool> IsLaunchableAsync(ImageId id, CancellationToken ct)
    {
        var request = new DescribeImagesRequest
        {
            IncludeDeprecated = true,
            Filters = [Ec2Tags.Filter("image-id", id.Value), Ec2Tags.Filter("state", "available")],
        };
        return (await _ec2.DescribeImagesAsync(request, ct)).Images is { Count: > 0 };
    }

    public Task RemovePermissionsAsync(ImageId id, LaunchPermissions permissions, CancellationToken ct) =>
        ImageSharing.RemoveAsync(_ec2, id, permissions, ct);

    public Task<LaunchPermissions> EnsurePermissionsAsync(ImageId id, LaunchPermissions permissions, CancellationToken ct) =>
        ImageSharing.EnsureAsync(_ec2, id, permissions, _time, ct);

    public Task EnsureDeprecationAsync(ImageId id, DateTimeOffset at, CancellationToken ct) =>
        _ec2.EnableImageDeprecationAsync(new EnableImageDeprecationRequest { ImageId = id.Value, DeprecateAt = at.UtcDateTime }, ct);

    public Task EnsureImdsV2Async(Image image, CancellationToken ct) =>
        image.ImdsV2
            ? Task.CompletedTask
            : _ec2.ModifyImageAttributeAsync(
                new ModifyImageAttributeRequest { ImageId = image.Id.Value, ImdsSupport = ImdsSupportValues.V20 },
                ct
            );

    public async Task EnsureDisabledAsync(ImageId id, CancellationToken ct)
    {
        var seen = await ReadAsync([id], ct);
        if (seen.TryGetValue(id, out var image) && image.State != ImageState.Disabled)
        {
            await _ec2.DisableImageAsync(new DisableImageRequest { ImageId = id.Value }, ct);
        }
    }

    public Task<IReadOnlyDictionary<ImageId, IReadOnlyList<string>>> ReadReferencesAsync(
        IReadOnlyCollection<ImageId> ids,
        CancellationToken ct
    ) => ImageReferences.ReadAsync(_ec2, ids, ct);

    public async Task RemoveAsync(Image image, CancellationToken ct)
    {
        var seen = await ReadAsync([image.Id], ct);
        await ImageRemoval.RemoveAsync(_ec2, seen.GetValueOrDefault(image.Id) ?? image, isThere: seen.ContainsKey(image.Id), _time, ct);
    }

    private async Task<Image?> AdoptAsync(Bake bake, string name, Func<Ec2Image, bool> isOfSameSource, CancellationToken ct)
    {
        var namesake = await Settling.LookAsync(
            _time,
            async () => (await DescribeAsync([Ec2Tags.Filter("name", name)], ct)).FirstOrDefault(),
            ct
        );
        return
            namesake is not null
            && isOfSameSource(namesake)
            && Ec2Tags.ToDictionary(namesake.Tags).GetValueOrDefault(ResourceTags.BakeId) == bake.Id.Value
            ? View(namesake)
            : null;
    }

    private async Task<ILookup<string, Ec2Image>> ReadOfBakesAsync(IReadOnlyCollection<string> bakes)
    {
        using var quiet = AwsTelemetry.BeQuiet();
        var images = await Pages.ReadAllAsync(
            bakes,
            FilterValues,
            (some, token) => PageAsync([Ec2Tags.Filter($"tag:{ResourceTags.BakeId}", some)], token, CancellationToken.None)
        );
        return images.ToLookup(image => Ec2Tags.ToDictionary(image.Tags).GetValueOrDefault(ResourceTags.BakeId, ""));
    }

    private Task<List<Ec2Image>> DescribeAsync(List<Filter> filters, CancellationToken ct) =>
        Pages.ReadAllAsync(token => PageAsync(filters, token, ct));

    private async Task<(IEnumerable<Ec2Image>? Items, string? Next)> PageAsync(List<Filter> filters, string? token, CancellationToken ct)
    {
        var page = await _ec2.DescribeImagesAsync(
            new DescribeImagesRequest
            {
                Owners = ["self"],
                Filters = filters,
                IncludeDisabled = true,
                MaxResults = 1_000,
                NextToken = token,
            },
            ct
        );
        return (page.Images, page.NextToken);
    }

    private Image View(Ec2Image image) => ImageViews.From(image, _region);

    private Image Begun(string id, string name, IReadOnlyDictionary<string, string> tags) =>
        new(new ImageId(id), ImageState.Pending)
        {
            Name = name,
            Region = _region,
            Tags = tags,
        };

    // EC2: at most 255 characters.
    private static string Description(Bake bake)
    {
        var text = bake.Recipe.Description is { Length: > 0 } description ? description : $"{bake.Recipe.Name}, made by BakeWorker";
        return text.Length > 255 ? text[..255] : text;
    }

    private static BakeFailedException Failed(string code, string message) => new(FailureKind.Failed, code, message);
}
