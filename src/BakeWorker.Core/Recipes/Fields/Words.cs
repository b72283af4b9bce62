using BakeWorker.Core.Binding;
using BakeWorker.Core.Cloud;

namespace BakeWorker.Core.Recipes.Fields;

/// <summary>The single values that recipes, waivers and requests are made of.</summary>
internal static class Words
{
    public const string RecipeNamePattern = "^[a-z][a-z0-9.-]{1,62}[a-z0-9]$";

    public static readonly TextShape RecipeName = new(
        "name",
        "3 to 64 characters of a-z 0-9 . and -, starting with a letter and not ending in . or -",
        64,
        RecipeNamePattern
    );
    public static readonly TextShape StepName = new(
        "name",
        "1 to 64 characters of a-z 0-9 and -, starting with a letter or digit",
        64,
        "^[a-z0-9][a-z0-9-]*$"
    );
    public static readonly TextShape Line = new("text", "one line of text", 255) { MayBeEmpty = true };

    public static readonly TextShape Sentence = new("text", "one line of text", 255);

    // What AWS allows in tags, said as the ASCII signs it does not: \p{L} means different things to different readers of a schema.
    private const string TagSigns = @"[^!""#$%&'()*,;<>?\[\\\]^`{|}~]";

    public static readonly TextShape TagText = new(
        "text",
        "1 to 128 letters, digits, spaces and _ . : / = + - @, as AWS allows in tags",
        128,
        $"^{TagSigns}+$"
    );
    public static readonly TextShape TagValue = new(
        "text",
        "at most 256 letters, digits, spaces and _ . : / = + - @, as AWS allows in tags",
        256,
        $"^{TagSigns}*$"
    )
    {
        MayBeEmpty = true,
        TakesAnyScalar = true,
    };
    public static readonly TextShape LabelName = new(
        "name",
        "1 to 63 characters of a-z 0-9 and -, starting with a letter",
        63,
        "^[a-z][a-z0-9-]*$"
    );
    public static readonly TextShape LabelValue = new("text", "1 to 63 letters, digits and . _ -", 63, "^[A-Za-z0-9._-]+$")
    {
        TakesAnyScalar = true,
    };
    public static readonly TextShape FreeValue = new("text", "text", 4096)
    {
        MayBeEmpty = true,
        TakesAnyScalar = true,
        Forbidden = c => char.IsControl(c) && c is not ('\n' or '\t'),
    };
    public static readonly TextShape ParameterValue = new("text", "text", ParameterBinder.MaxLength)
    {
        MayBeEmpty = true,
        TakesAnyScalar = true,
    };
    public static readonly TextShape ParameterName = new(
        "name",
        "1 to 64 letters, digits, _ and -, starting with a letter",
        64,
        "^[A-Za-z][A-Za-z0-9_-]*$"
    );
    public static readonly TextShape RegexText = new("regular expression", "a regular expression", 512);
    public static readonly TextShape EnvironmentName = new(
        "name",
        "letters, digits and _, not starting with a digit",
        128,
        "^[A-Za-z_][A-Za-z0-9_]*$"
    );
    public static readonly TextShape Script = new(
        "path",
        "a path within the recipe's folder such as steps/install.sh",
        256,
        @"^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*\.(sh|ps1)$"
    );
    public static readonly TextShape LibraryStep = new(
        "library step",
        "a step of the library such as linux/patch, without its extension",
        128,
        "^[a-z0-9-]+(/[a-z0-9-]+)+$"
    );
    public static readonly TextShape YamlPath = new(
        "path",
        "a path within the recipe's folder such as components/nginx.yaml",
        256,
        @"^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*\.ya?ml$"
    );
    public static readonly TextShape WaiverPath = new(
        "path",
        "a path within the recipe's folder such as waivers.yaml",
        256,
        @"^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*\.ya?ml$"
    );
    public static readonly TextShape Document = new(
        "document name",
        "the name of an SSM command document such as AWS-ConfigureAWSPackage, or its ARN",
        256,
        "^[a-zA-Z0-9_.:/-]{3,}$"
    );
    public static readonly TextShape DocumentParameter = new(
        "name",
        "the name of a parameter: letters, digits, _ and -",
        64,
        "^[A-Za-z][A-Za-z0-9_-]*$"
    );
    public static readonly TextShape ParameterPath = new(
        "SSM parameter",
        "an SSM parameter name that starts with / such as /images/web/current",
        1011,
        "^(/[a-zA-Z0-9_.-]+){1,15}$"
    );
    public static readonly TextShape ImageId = new(
        "AMI id",
        "an AMI id such as ami-0123456789abcdef0",
        21,
        "^ami-([0-9a-f]{8}|[0-9a-f]{17})$"
    );
    public static readonly TextShape ImagePattern = new(
        "AMI name pattern",
        "3 to 128 characters an AMI name may have, with * and ? as wildcards",
        128,
        @"^[A-Za-z0-9()\[\] ./'@_*?-]{3,}$"
    );
    public static readonly TextShape Owner = new(
        "owner",
        "a 12-digit account id, amazon, aws-marketplace or self",
        15,
        "^([0-9]{12}|amazon|aws-marketplace|self)$"
    )
    {
        TakesAnyScalar = true,
    };
    public static readonly TextShape ProductCode = new(
        "product code",
        "a product code such as aw0evgkw8e5c1q413zgy5pjce",
        64,
        "^[a-z0-9]+$"
    )
    {
        TakesAnyScalar = true,
    };
    public static readonly TextShape Account = new("account id", "a 12-digit account id", 12, "^[0-9]{12}$") { TakesAnyScalar = true };
    public static readonly TextShape Organization = new(
        "organization ARN",
        "an ARN such as arn:aws:organizations::111122223333:organization/o-abcdefghij",
        128,
        "^arn:aws[a-z-]*:organizations::[0-9]{12}:organization/o-[a-z0-9]{10,32}$"
    );
    public static readonly TextShape OrganizationalUnit = new(
        "organizational-unit ARN",
        "an ARN such as arn:aws:organizations::111122223333:ou/o-abcdefghij/ou-ab12-cdefghij",
        160,
        "^arn:aws[a-z-]*:organizations::[0-9]{12}:ou/o-[a-z0-9]{10,32}/ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}$"
    );
    public static readonly TextShape Region = new("Region", "a Region such as eu-west-1", 24, "^[a-z]{2,4}(-[a-z]+){1,3}-[0-9]{1,2}$");
    public static readonly TextShape Subnet = new(
        "subnet id",
        "a subnet id such as subnet-0123456789abcdef0",
        24,
        "^subnet-([0-9a-f]{8}|[0-9a-f]{17})$"
    );
    public static readonly TextShape InstanceType = new(
        "instance type",
        "an instance type such as t3.small",
        32,
        @"^[a-z][a-z0-9-]*[0-9][a-z0-9-]*\.[a-z0-9-]+$"
    );
    public static readonly TextShape KmsKey = new(
        "KMS key",
        "a KMS key id, an alias such as alias/images, or an ARN of one",
        256,
        "^(alias/[A-Za-z0-9/_-]+|mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:(key|alias)/[A-Za-z0-9/_-]+)$"
    );
    public static readonly TextShape LaunchTemplate = new(
        "launch template name",
        "3 to 128 letters, digits and ( ) . - / _",
        128,
        "^[A-Za-z0-9()./_-]{3,}$"
    );
    public static readonly TextShape Vulnerability = new(
        "vulnerability id",
        "an id such as CVE-2024-12345",
        64,
        "^[A-Za-z][A-Za-z0-9]*[-:][A-Za-z0-9._:-]+$"
    );
    public static readonly TextShape Package = new("package", "a package name such as openssl", 128, "^[A-Za-z0-9@][A-Za-z0-9@/+._:-]*$");
    public static readonly TextShape Cron = new("cron expression", "five cron fields such as '0 3 * * *'", 128);
    public static readonly TextShape TimeZone = new(
        "time zone",
        "an IANA time zone such as Europe/Berlin",
        64,
        "^[A-Za-z][A-Za-z0-9_+/-]*$"
    );
    public static readonly FlagShape Flag = new();
    public static readonly DateShape Date = new();
    public static readonly DurationShape StepTimeout = new(TimeSpan.FromSeconds(10), TimeSpan.FromHours(8));

    public static readonly ChoiceShape<Architecture> Architecture = new(
        ("x86_64", Recipes.Architecture.X86_64),
        ("arm64", Recipes.Architecture.Arm64)
    );
    public static readonly ChoiceShape<StepPhase> Phase = new(
        ("patch", StepPhase.Patch),
        ("harden", StepPhase.Harden),
        ("install", StepPhase.Install),
        ("cleanup", StepPhase.Cleanup)
    );
    public static readonly ChoiceShape<Gate> Gate = new(
        ("lynis", Recipes.Gate.Lynis),
        ("openscap", Recipes.Gate.OpenScap),
        ("goss", Recipes.Gate.Goss)
    );
    public static readonly CountShape Score = new(1, 100);
    public static readonly ChoiceShape<Severity> Severity = new(
        ("informational", Cloud.Severity.Informational),
        ("low", Cloud.Severity.Low),
        ("medium", Cloud.Severity.Medium),
        ("high", Cloud.Severity.High),
        ("critical", Cloud.Severity.Critical)
    );
}
