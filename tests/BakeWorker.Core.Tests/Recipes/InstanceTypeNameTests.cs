using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Tests.Recipes;

public sealed class InstanceTypeNameTests
{
    [Theory]
    [InlineData("t3.small", Architecture.X86_64)]
    [InlineData("g4dn.xlarge", Architecture.X86_64)]
    [InlineData("c7i-flex.large", null)]
    [InlineData("m6idn.metal", Architecture.X86_64)]
    [InlineData("t4g.small", Architecture.Arm64)]
    [InlineData("c7gn.large", Architecture.Arm64)]
    [InlineData("im4gn.large", Architecture.Arm64)]
    [InlineData("g5g.xlarge", Architecture.Arm64)]
    [InlineData("a1.medium", Architecture.Arm64)]
    [InlineData("mac2.metal", null)]
    [InlineData("u-6tb1.metal", null)]
    public void InstanceType_TellsItsArchitecture_WhereTheNameDoes(string type, Architecture? expected) =>
        InstanceTypeName.ArchitectureOf(type).Should().Be(expected);
}
