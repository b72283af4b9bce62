using BakeWorker.Core.Binding;

namespace BakeWorker.Core.Recipes.Fields;

/// <summary>base: the image to start from.</summary>
internal static class BaseFields
{
    public static readonly Field<string> Parameter = Field.Optional(
        "parameter",
        Words.ParameterPath,
        "one of parameter, image and find",
        "An SSM parameter whose value is an AMI id, such as the public ones of AWS, Canonical and Debian.",
        "/aws/service/debian/release/12/latest/amd64"
    );
    public static readonly Field<string> Image = Field.Optional(
        "image",
        Words.ImageId,
        "one of parameter, image and find",
        "A fixed AMI id, valid in one Region only.",
        "ami-0123456789abcdef0"
    );
    public static readonly Field<Section> Find = Field.Optional(
        "find",
        FindFields.Shape,
        "one of parameter, image and find",
        "Takes the newest AMI with a matching name.",
        "{ name: 'RHEL-9.*_HVM-*-x86_64-*-Hourly2-GP3' }"
    );
    public static readonly Field<IReadOnlyList<Placed<string>>> Owners = Field.Required(
        "owners",
        new ListShape<string>(Words.Owner, 1, 20),
        "Who may own the base. Checked after it is resolved, however it is named: a parameter proves nothing about an owner.",
        "['136693071363']"
    );
    public static readonly Field<TimeSpan> MaxAge = Field.Optional(
        "maxAge",
        new DurationShape(TimeSpan.FromDays(1), TimeSpan.FromDays(3650)),
        "no limit",
        "Refuses a base that is older.",
        "120d"
    );

    public static readonly Field<string> MadeBy = Field.Optional(
        "madeBy",
        Words.RecipeName,
        "any image of its owner",
        "The base must be a released image of ours of this recipe, as its tags show; owners must be [self], because only this account sets them.",
        "debian-12-base"
    );
    public static readonly Field<IReadOnlyList<Placed<string>>> ProductCodes = Field.Optional(
        "productCodes",
        new ListShape<string>(Words.ProductCode, 0, 20),
        "none",
        "Product codes that the base may carry. An image of AWS Marketplace is refused unless every code of it stands here.",
        "[aw0evgkw8e5c1q413zgy5pjce]"
    );

    public static readonly SectionShape Shape = new("a base", Parameter, Image, Find, Owners, MaxAge, MadeBy, ProductCodes)
    {
        OneOf = [Parameter, Image, Find],
    };
}

/// <summary>base.find: the base by name.</summary>
internal static class FindFields
{
    public static readonly Field<string> Name = Field.Required(
        "name",
        Words.ImagePattern,
        "Name of the AMI, with * and ? as wildcards.",
        "'RHEL-9.*_HVM-*-x86_64-*-Hourly2-GP3'"
    );
    public static readonly Field<string> Owner = Field.Optional(
        "owner",
        Words.Owner,
        "all of owners",
        "Searches only images of this one of the owners.",
        "'309956199498'"
    );

    public static readonly SectionShape Shape = new("a search", Name, Owner);
}
