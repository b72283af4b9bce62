using System.Globalization;
using System.Text;
using BakeWorker.LocalCloud.Ec2.Disks;
using BakeWorker.LocalCloud.Ec2.Images;
using BakeWorker.LocalCloud.Ec2.Networking;
using BakeWorker.LocalCloud.Ec2.Tagging;
using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Ec2.Instances;

/// <summary>Reads RunInstances' parameters and refuses what EC2 would refuse.</summary>
internal static class LaunchReader
{
    private const int MaxUserDataBytes = 16384;
    private const int MaxToken = 64;

    public static LaunchRequest Read(Ec2Call call)
    {
        var input = call.Input;
        var image = LaunchableImages.Get(call, input.Required("ImageId"));
        var type = InstanceTypes.Get(input.Required("InstanceType"));
        RefuseMismatch(image, type);
        var (min, max) = Counts(input);
        var network = LaunchNetwork.Read(call, type, max);
        var market = input.Structure("InstanceMarketOptions");
        var userData = UserData(input.String("UserData") ?? "");
        return new LaunchRequest
        {
            Image = image,
            Type = type,
            Subnet = network.Subnet,
            Groups = network.Groups,
            HasPublicIp = network.HasPublicIp,
            PrivateIp = network.PrivateIp,
            Devices = BlockDevices.ForLaunch(call, input, image.Devices),
            Metadata = MetadataOptions.Read(input.Structure("MetadataOptions"), image),
            Tags = TagSpecifications.Read(input, "instance", "volume", "network-interface", "spot-instances-request"),
            MinCount = min,
            MaxCount = max,
            IsSpot = IsSpot(market),
            IsPersistentSpot = market.Structure("SpotOptions").String("SpotInstanceType") == "persistent",
            SpotValidUntil = Time(market.Structure("SpotOptions").String("ValidUntil")),
            UserData = input.String("UserData") ?? "",
            DecodedUserData = userData,
            KeyName = input.String("KeyName") is { } key ? KeyPairs.Get(call.Region, key).Name : null,
            InstanceProfileArn = InstanceProfile(call, input.Structure("IamInstanceProfile")),
            ShutdownBehavior = ShutdownBehavior(input.String("InstanceInitiatedShutdownBehavior") ?? "stop"),
            IsTerminationDisabled = input.Bool("DisableApiTermination"),
            IsMonitored = input.Structure("Monitoring").Bool("Enabled"),
            IsEbsOptimized = input.Bool("EbsOptimized"),
            ClientToken = Token(input.String("ClientToken") ?? ""),
        };
    }

    public static string ShutdownBehavior(string word) =>
        word is "stop" or "terminate"
            ? word
            : throw Ec2Errors.InvalidValue($"Value ({word}) for parameter instanceInitiatedShutdownBehavior is invalid. Unknown behavior.");

    /// <summary>The text of base64 user data, at most 16 KiB.</summary>
    public static string UserData(string encoded)
    {
        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out var length))
        {
            throw Ec2Errors.InvalidValue("Invalid BASE64 encoding of user data.");
        }

        return length <= MaxUserDataBytes
            ? Encoding.UTF8.GetString(bytes, 0, length)
            : throw Ec2Errors.InvalidValue($"User data is limited to {MaxUserDataBytes} bytes");
    }

    private static (int Min, int Max) Counts(QueryInput input)
    {
        var min = input.Int("MinCount") ?? throw Ec2Errors.Missing("MinCount");
        var max = input.Int("MaxCount") ?? throw Ec2Errors.Missing("MaxCount");
        return min >= 1 && max >= min
            ? (min, max)
            : throw Ec2Errors.InvalidValue($"Value ({min}, {max}) for parameters minCount, maxCount is invalid. Must be 1 <= min <= max.");
    }

    private static void RefuseMismatch(Image image, InstanceType type)
    {
        if (!type.Architectures.Contains(image.Architecture))
        {
            throw Ec2Errors.InvalidValue(
                $"The architecture '{type.Architectures[0]}' of the specified instance type does not match the architecture "
                    + $"'{image.Architecture}' of the specified AMI. Specify an instance type and an AMI that have matching architectures, and try again."
            );
        }

        if (image.BootMode == "uefi" && !type.BootModes.Contains("uefi"))
        {
            throw Ec2Errors.InvalidCombination(
                $"The boot mode 'uefi' of the specified AMI is not supported by the instance type '{type.Name}'."
            );
        }
    }

    private static DateTimeOffset? Time(string? text) =>
        text is null ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time
        : throw Ec2Errors.InvalidValue($"Value ({text}) for parameter ValidUntil is invalid.");

    private static bool IsSpot(QueryInput market) =>
        market.String("MarketType") switch
        {
            null => false,
            "spot" => true,
            var other => throw Ec2Errors.InvalidValue(
                $"Value ({other}) for parameter MarketType is invalid. LocalCloud has spot and on-demand."
            ),
        };

    private static string? InstanceProfile(Ec2Call call, QueryInput profile)
    {
        if (profile.Has("Arn") && profile.Has("Name"))
        {
            throw Ec2Errors.InvalidCombination(
                "The parameter 'iamInstanceProfile.name' may not be used in combination with 'iamInstanceProfile.arn'"
            );
        }

        return profile.String("Arn") is { } arn
            ? arn.StartsWith("arn:aws:iam::", StringComparison.Ordinal) && arn.Contains(":instance-profile/", StringComparison.Ordinal)
                ? arn
                : throw Ec2Errors.InvalidValue(
                    $"Value ({arn}) for parameter iamInstanceProfile.arn is invalid. Invalid IAM Instance Profile ARN"
                )
            : profile.String("Name") is { Length: > 0 } name
                ? $"arn:aws:iam::{call.OwnerId}:instance-profile/{name}"
                : null;
    }

    private static string Token(string token) =>
        token.Length <= MaxToken && token.All(char.IsAscii)
            ? token
            : throw Ec2Errors.InvalidValue($"Value ({token}) for parameter clientToken is invalid. At most {MaxToken} ASCII characters.");
}
