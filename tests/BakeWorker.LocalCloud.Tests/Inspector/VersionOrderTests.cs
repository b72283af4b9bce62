using BakeWorker.LocalCloud.Inspector.Advisories;
using CsCheck;

namespace BakeWorker.LocalCloud.Tests.Inspector;

public sealed class VersionOrderTests
{
    private static readonly Gen<string> Part = Gen.Char["0123456789019abcXYZ.+~^"].Array[0, 8].Select(characters => new string(characters));

    private static readonly Gen<string> Version = Gen.Select(
            Gen.OneOf(Gen.Const(""), Gen.Const("0:"), Gen.Const("1:"), Gen.Const("10:")),
            Part,
            Gen.OneOf(Gen.Const(""), Part.Select(part => "-" + part))
        )
        .Select((epoch, version, release) => epoch + "1" + version + release);

    [Theory]
    [InlineData("1.0", "1.0", 0)]
    [InlineData("1.0~rc1", "1.0", -1)]
    [InlineData("1.0~~", "1.0~", -1)]
    [InlineData("1.0", "1.0+b1", -1)]
    [InlineData("1.0a", "1.0+", -1)]
    [InlineData("1.2", "1.10", -1)]
    [InlineData("1.002", "1.2", 0)]
    [InlineData("2:1.0", "1:9.9", 1)]
    [InlineData("0:1.0", "1.0", 0)]
    [InlineData("1.0-1", "1.0-1+b1", -1)]
    [InlineData("1.0-0", "1.0", 0)]
    [InlineData("2.36-9+deb12u9", "2.36-9+deb12u10", -1)]
    [InlineData("3.0.17-1~deb12u3", "3.0.17-1", -1)]
    [InlineData("7.88.1-10+deb12u14", "7.88.1-10+deb12u5", 1)]
    [InlineData("1:1.2.13.dfsg-1", "1:1.2.11.dfsg-4.1", 1)]
    [InlineData("1.0-1-1", "1.0-1-2", -1)]
    public void DpkgOrder_KnownPairs_AreOrderedAsDpkgDoes(string left, string right, int expected)
    {
        Math.Sign(DpkgVersionOrder.Instance.Compare(left, right)).Should().Be(expected);
        Math.Sign(DpkgVersionOrder.Instance.Compare(right, left)).Should().Be(-expected);
    }

    [Theory]
    [InlineData("1.0", "1.0", 0)]
    [InlineData("1.0~rc1", "1.0", -1)]
    [InlineData("1.0^git1", "1.0", 1)]
    [InlineData("1.0^git1", "1.0.1", -1)]
    [InlineData("1.0~rc1^git1", "1.0~rc1", 1)]
    [InlineData("1.2", "1.10", -1)]
    [InlineData("1.0", "1_0", 0)]
    [InlineData("1.0a", "1.0", 1)]
    [InlineData("1.0a", "1.0.1", -1)]
    [InlineData("1.05", "1.5", 0)]
    [InlineData("1:1.0", "2.0", 1)]
    [InlineData("8.7p1-38.el9", "8.7p1-38.el9_4.1", -1)]
    [InlineData("8.7p1-8.amzn2023.0.11", "8.7p1-8.amzn2023.0.9", 1)]
    [InlineData("1.0", "1.0-3", 0)]
    public void RpmOrder_KnownPairs_AreOrderedAsRpmDoes(string left, string right, int expected)
    {
        Math.Sign(RpmVersionOrder.Instance.Compare(left, right)).Should().Be(expected);
        Math.Sign(RpmVersionOrder.Instance.Compare(right, left)).Should().Be(-expected);
    }

    [Fact]
    public void DpkgOrder_IsATotalOrder() => IsTotalOrder(DpkgVersionOrder.Instance, Version);

    [Fact]
    public void RpmOrder_WithReleasesOnBothSides_IsATotalOrder() =>
        IsTotalOrder(RpmVersionOrder.Instance, Part.Select(part => $"1{part}-1"));

    [Fact]
    public void DpkgOrder_OfATilde_IsBeforeItsRelease() =>
        Version
            .Where(version => !version.Contains('~', StringComparison.Ordinal))
            .Sample(version => DpkgVersionOrder.Instance.Compare(version + "~x", version) < 0);

    private static void IsTotalOrder(IComparer<string> order, Gen<string> versions) =>
        Gen.Select(versions, versions, versions)
            .Sample(
                (a, b, c) =>
                {
                    var isReflexive = order.Compare(a, a) == 0;
                    var isAntisymmetric = Math.Sign(order.Compare(a, b)) == -Math.Sign(order.Compare(b, a));
                    var isTransitive = order.Compare(a, b) > 0 || order.Compare(b, c) > 0 || order.Compare(a, c) <= 0;
                    return isReflexive && isAntisymmetric && isTransitive;
                }
            );
}
