using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using BakeWorker.Aws.Errors;
using BakeWorker.Aws.Naming;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;

namespace BakeWorker.Aws.Ssm;

/// <summary>Pointer parameters of one Region.</summary>
internal sealed class Pointers(IAmazonSimpleSystemsManagement ssm) : IPointers
{
    public async Task<Pointer?> FindAsync(string name, CancellationToken ct)
    {
        try
        {
            var parameter = (await ssm.GetParameterAsync(new GetParameterRequest { Name = name }, ct)).Parameter;
            return new Pointer(name, new ImageId(parameter.Value), parameter.Version ?? 0);
        }
        catch (BakeFailedException failure) when (failure.Is("ParameterNotFound"))
        {
            return null;
        }
    }

    public async Task<long> EnsureAsync(string name, ImageId image, CancellationToken ct)
    {
        var found = await FindAsync(name, ct);
        if (found?.Image == image)
        {
            return found.Version;
        }

        try
        {
            return await PutAsync(Request(name, image, isNew: found is null), ct);
        }
        catch (BakeFailedException failure) when (found is null && failure.Is("ParameterAlreadyExists"))
        {
            return await PutAsync(Request(name, image, isNew: false), ct);
        }
    }

    private async Task<long> PutAsync(PutParameterRequest request, CancellationToken ct) =>
        (await ssm.PutParameterAsync(request, ct)).Version ?? 0;

    // SSM takes tags only in the call that makes the parameter.
    private static PutParameterRequest Request(string name, ImageId image, bool isNew) =>
        new()
        {
            Name = name,
            Value = image.Value,
            Type = ParameterType.String,
            DataType = "aws:ec2:image",
            Overwrite = !isNew,
            Tags = isNew ? [new Tag { Key = ResourceTags.Role, Value = Tags.PointerRole }] : null,
        };
}
