using BakeWorker.Core.Cloud;
using BakeWorker.Core.Publishing;

namespace BakeWorker.Core.Tests.Publishing;

/// <summary>What a key's policy says of those whom an image is shared with, its denials and conditions included.</summary>
public sealed class KeySharingTests
{
    private const string Friend = "111122223333";
    private const string Organization = "arn:aws:organizations::999988887777:organization/o-abcdefghij";
    private const string Unit = "arn:aws:organizations::999988887777:ou/o-abcdefghij/ou-ab12-cdefghij";
    private const string All = """ "Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*" """;
    private const string Ours = """ "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::111122223333:root" }, "Action": "kms:*" """;

    [Theory]
    [InlineData(true, $$"""{ {{Ours}} }""")]
    [InlineData(true, """{ "Effect": "Allow", "Principal": { "AWS": ["999900009999", "111122223333"] }, "Action": ["kms:*"] }""")]
    [InlineData(true, """{ "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::111122223333:role/launcher" }, "Action": "kms:*" }""")]
    [InlineData(true, """{ "Effect": "Allow", "Principal": { "AWS": "111122223333" }, "NotAction": "kms:Schedule*" }""")]
    [InlineData(true, $$"""{ {{All}}, "Condition": { "StringEquals": { "kms:CallerAccount": ["111122223333"] } } }""")]
    [InlineData(true, $$"""{ {{All}}, "Condition": { "StringEquals": { "aws:PrincipalOrgID": "o-abcdefghij" } } }""")]
    [InlineData(true, $$"""{ {{All}}, "Condition": { "StringLike": { "kms:ViaService": "ec2.*.amazonaws.com" } } }""")]
    [InlineData(true, $$"""{ {{All}}, "Condition": { "IpAddress": { "aws:SourceIp": "10.0.0.0/8" } } }""")]
    [InlineData(true, $$"""{ {{Ours}}, "Condition": { "Bool": { "kms:GrantIsForAWSResource": true } } }""")]
    [InlineData(false, """{ "Effect": "Allow", "Principal": { "AWS": "999900009999" }, "Action": "kms:*" }""")]
    [InlineData(false, """{ "Effect": "Allow", "Principal": { "AWS": "111122223333" }, "Action": ["kms:Decrypt", "kms:CreateGrant"] }""")]
    [InlineData(false, """{ "Effect": "Allow", "Principal": { "Service": "ec2.amazonaws.com" }, "Action": "kms:*" }""")]
    [InlineData(false, """{ "Effect": "Allow", "Principal": { "AWS": "111122223333" }, "NotAction": "kms:*Grant" }""")]
    [InlineData(false, $$"""{ {{All}}, "Condition": { "StringEquals": { "kms:CallerAccount": "999900009999" } } }""")]
    [InlineData(false, $$"""{ {{All}}, "Condition": { "StringNotEquals": { "aws:PrincipalAccount": "111122223333" } } }""")]
    [InlineData(false, $$"""{ {{All}}, "Condition": { "StringEquals": { "kms:ViaService": "s3.eu-west-1.amazonaws.com" } } }""")]
    [InlineData(false, $$"""{ {{Ours}} }, { "Effect": "Deny", "Principal": { "AWS": "111122223333" }, "Action": "kms:CreateGrant" }""")]
    [InlineData(false, $$"""{ {{Ours}} }, { "Effect": "Deny", "Principal": "*", "NotAction": "kms:DescribeKey" }""")]
    [InlineData(
        false,
        $$"""{ {{Ours}} }, { "Effect": "Deny", "NotPrincipal": { "AWS": "arn:aws:iam::123456789012:root" }, "Action": "kms:*" }"""
    )]
    [InlineData(
        false,
        $$"""
            { {{All}} }, { "Effect": "Deny", "Principal": "*", "Action": "kms:*",
              "Condition": { "StringNotEquals": { "aws:PrincipalAccount": ["123456789012"] } } }
            """
    )]
    [InlineData(
        true,
        $$"""
            { {{All}} }, { "Effect": "Deny", "Principal": "*", "Action": "kms:*", "Condition": { "Bool": { "aws:SecureTransport": "false" } } }
            """
    )]
    [InlineData(
        true,
        $$"""{ {{Ours}} }, { "Effect": "Deny", "Principal": { "AWS": "arn:aws:iam::111122223333:role/intern" }, "Action": "kms:*" }"""
    )]
    [InlineData(
        true,
        $$"""{ {{Ours}} }, { "Effect": "Deny", "NotPrincipal": { "AWS": ["123456789012", "111122223333"] }, "Action": "kms:*" }"""
    )]
    public void Account_MayUseTheKey_AsItsPolicySays(bool allowed, string statements) =>
        Excluded(statements, new LaunchPermissions { Accounts = [Friend] }).Should().Equal(allowed ? [] : [Friend]);

    [Theory]
    [InlineData(Organization, true, """ "StringEquals": { "aws:PrincipalOrgID": "o-abcdefghij" } """)]
    [InlineData(Organization, false, """ "StringEquals": { "aws:PrincipalOrgID": "o-klmnopqrst" } """)]
    [InlineData(Organization, false, """ "StringNotEquals": { "aws:PrincipalOrgID": "o-abcdefghij" } """)]
    [InlineData(Organization, true, """ "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-abcdefghij/*" } """)]
    [InlineData(
        Organization,
        false,
        """ "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-abcdefghij/r-ab12/ou-ab12-cdefghij/*" } """
    )]
    [InlineData(Unit, true, """ "StringEquals": { "aws:PrincipalOrgID": "o-abcdefghij" } """)]
    [InlineData(Unit, true, """ "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-abcdefghij/r-ab12/ou-ab12-cdefghij/*" } """)]
    [InlineData(Unit, false, """ "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-klmnopqrst/*" } """)]
    public void Organization_MayUseTheKey_AsTheConditionSays(string arn, bool allowed, string condition)
    {
        var share = arn == Unit ? new LaunchPermissions { OrganizationalUnitArns = [arn] } : new() { OrganizationArns = [arn] };

        Excluded($$"""{ {{All}}, "Condition": { {{condition}} } }""", share).Should().Equal(allowed ? [] : [arn]);
    }

    [Fact]
    public void Organization_IsNotMeant_WhereOneAccountIs() =>
        Excluded($$"""{ {{Ours}} }""", new LaunchPermissions { OrganizationArns = [Organization] }).Should().Equal(Organization);

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{ "Statement": "everything" }""")]
    [InlineData("""{ "Statement": [7, null, { "Effect": 1 }, { "Effect": "Allow", "Principal": "*" }] }""")]
    [InlineData("""{ "Statement": [{ "Effect": "Allow", "Principal": ["*"], "Action": { "kms": "*" } }] }""")]
    public void Policy_ThatCannotBeUnderstood_LetsNobody(string policy) =>
        KeySharing.FindExcluded(new KeyUsers(policy, []), new() { Accounts = [Friend] }, "eu-west-1").Should().Equal(Friend);

    [Theory]
    [InlineData(true, $"arn:aws:iam::{Friend}:root", "DescribeKey,CreateGrant,Decrypt,ReEncryptFrom,GenerateDataKeyWithoutPlaintext")]
    [InlineData(false, $"arn:aws:iam::{Friend}:root", "Decrypt")]
    [InlineData(
        false,
        "arn:aws:iam::999900009999:user/u111122223333",
        "DescribeKey,CreateGrant,Decrypt,ReEncryptFrom,GenerateDataKeyWithoutPlaintext"
    )]
    public void Grant_CountsForWhatItAllows(bool allowed, string grantee, string operations)
    {
        var users = new KeyUsers("""{ "Statement": [] }""", [new KeyGrant(grantee, operations.Split(','))]);

        KeySharing.FindExcluded(users, new() { Accounts = [Friend] }, "eu-west-1").Should().Equal(allowed ? [] : [Friend]);
    }

    private static IReadOnlyList<string> Excluded(string statements, LaunchPermissions share) =>
        KeySharing.FindExcluded(new KeyUsers($$"""{ "Statement": [{{statements}}] }""", []), share, "eu-west-1");
}
