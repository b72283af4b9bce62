using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using BakeWorker.Aws.Errors;
using BakeWorker.Aws.Naming;
using BakeWorker.Aws.Resilience;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;

namespace BakeWorker.Aws.Ssm;

/// <summary>Pointer parameters of one Region.</summary>
internal sealed class Pointers(IAmazonSimpleSystemsManagement ssm, Parameters parameters) : IPointers
{
    public async Task<Pointer?> FindAsync(string name, CancellationToken ct) =>
        await parameters.FindAsync(name, ct) is { } parameter
            ? new Pointer(name, new ImageId(parameter.Value), parameter.Version ?? 0)
            {
                Kind = $"{parameter.Type} of data type {parameter.DataType ?? "text"}",
            }
            : null;

    public async Task<IReadOnlyList<PointerVersion>> ListVersionsAsync(string name, CancellationToken ct)
    {
        try
        {
            var versions = await Pages.ReadAllAsync<ParameterHistory>(async token =>
            {
                var request = new GetParameterHistoryRequest { Name = name, NextToken = token };
                var page = await ssm.GetParameterHistoryAsync(request, ct);
                return (page.Parameters, page.NextToken);
            });
            return
            [
                .. versions
                    .OrderByDescending(version => version.Version)
                    .Select(version => new PointerVersion(version.Version ?? 0, new ImageId(version.Value), version.Labels ?? [])),
            ];
        }
        catch (BakeFailedException failure) when (failure.Is("ParameterNotFound"))
        {
            return [];
        }
    }

    public async Task RemoveAsync(string name, CancellationToken ct)
    {
        try
        {
            await ssm.DeleteParameterAsync(new DeleteParameterRequest { Name = name }, ct);
        }
        catch (BakeFailedException failure) when (failure.Is("ParameterNotFound")) { }
    }

    public async Task<long> EnsureAsync(string name, ImageId image, string why, CancellationToken ct)
    {
        var found = await FindAsync(name, ct);
        if (found?.Image == image)
        {
            return found.Version;
        }

        try
        {
            return await PutAsync(Request(name, image, why, isNew: found is null), ct);
        }
        catch (BakeFailedException failure) when (found is null && failure.Is("ParameterAlreadyExists"))
        {
            return await PutAsync(Request(name, image, why, isNew: false), ct);
        }
    }

    private async Task<long> PutAsync(PutParameterRequest request, CancellationToken ct) =>
        (await ssm.PutParameterAsync(request, ct)).Version ?? 0;

    // SSM takes tags only in the call that makes the parameter.
    private static PutParameterRequest Request(string name, ImageId image, string why, bool isNew) =>
        new()
        {
            Name = name,
            Value = image.Value,
            Description = why,
            Type = ParameterType.String,
            DataType = "aws:ec2:image",
            Overwrite = !isNew,
            Tags = isNew ? [new Tag { Key = ResourceTags.Role, Value = Tags.PointerRole }] : null,
        };
}
