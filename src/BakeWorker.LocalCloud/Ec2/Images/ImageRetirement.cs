using System.Globalization;
using System.Xml.Linq;
using BakeWorker.LocalCloud.Protocols;
using static BakeWorker.LocalCloud.Ec2.Requests.Answer;

namespace BakeWorker.LocalCloud.Ec2.Images;

/// <summary>Deprecating, disabling and protecting images, and taking it back.</summary>
internal static class ImageRetirement
{
    private const int MaxYears = 10;

    public static IEnumerable<XElement> Deprecate(Ec2Call call)
    {
        var image = OwnImages.Get(call);
        var text = call.Input.Required("DeprecateAt");
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
        {
            throw Ec2Errors.InvalidValue($"Value ({text}) for parameter DeprecateAt is invalid. Expecting an ISO 8601 time.");
        }

        if (at <= call.Now || at > call.Now.AddYears(MaxYears))
        {
            throw Ec2Errors.InvalidValue($"Value ({text}) for parameter DeprecateAt is invalid. It must lie in the next {MaxYears} years.");
        }

        // EC2 rounds to the nearest minute.
        var minutes = (at.Ticks + (TimeSpan.TicksPerMinute / 2)) / TimeSpan.TicksPerMinute;
        return Change(image, () => image.DeprecatedAt = new DateTimeOffset(minutes * TimeSpan.TicksPerMinute, at.Offset).ToUniversalTime());
    }

    public static IEnumerable<XElement> Undeprecate(Ec2Call call)
    {
        var image = OwnImages.Get(call);
        return Change(image, () => image.DeprecatedAt = null);
    }

    /// <summary>Everybody loses the image for good, even when it is enabled again.</summary>
    public static IEnumerable<XElement> Disable(Ec2Call call)
    {
        var image = OwnImages.GetFinished(call);
        return Change(
            image,
            () =>
            {
                image.State = ImageState.Disabled;
                image.Permissions.Clear();
            }
        );
    }

    public static IEnumerable<XElement> Enable(Ec2Call call)
    {
        var image = OwnImages.GetFinished(call);
        return Change(image, () => image.State = ImageState.Available);
    }

    public static IEnumerable<XElement> Protect(Ec2Call call)
    {
        var image = OwnImages.GetFinished(call);
        Change(image, () => image.Protection = new(IsOn: true, call.Input.Bool("WithCooldown"), CooldownUntil: null));
        return Of(Value("return", image.Protection.Word(call.Now)));
    }

    public static IEnumerable<XElement> Unprotect(Ec2Call call)
    {
        var image = OwnImages.GetFinished(call);
        Change(image, () => image.Protection = image.Protection.Lift(call.Now));
        return Of(Value("return", image.Protection.Word(call.Now)));
    }

    public static void RefuseProtected(Ec2Call call, Image image)
    {
        if (image.Protection.Protects(call.Now))
        {
            throw new CloudException(
                "OperationNotPermitted",
                $"The image {image.Id} is protected from deregistration ({image.Protection.Word(call.Now)})."
            );
        }
    }

    private static IEnumerable<XElement> Change(Image image, Action change)
    {
        change();
        image.Changed?.Invoke();
        return True;
    }
}
