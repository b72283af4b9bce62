using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Tests.Recipes;

public sealed class ParameterBinderTests
{
    private static readonly Dictionary<string, ParameterSpec> Declared = new()
    {
        ["version"] = new()
        {
            Name = "version",
            Pattern = @"\d+\.\d+",
            Default = "1.0",
        },
        ["title"] = new() { Name = "title", Pattern = ".*" },
    };

    [Fact]
    public void Values_ThatFit_AreTakenAndDefaultsFilledIn()
    {
        var bound = Bind(("title", "a $(rm -rf /) \"quoted\" `value`; it's only text"));

        bound.Errors.Should().BeEmpty();
        bound
            .Values.Should()
            .BeEquivalentTo(
                new Dictionary<string, string> { ["version"] = "1.0", ["title"] = "a $(rm -rf /) \"quoted\" `value`; it's only text" }
            );
    }

    [Fact]
    public void Values_WithSeveralMistakes_AreAllRefusedAtOnce() =>
        Bind(("versoin", "2.0"), ("version", "two"))
            .Errors.Should()
            .Equal(
                "versoin is not a parameter of this recipe; did you mean 'version'?",
                "parameter title is missing and has no default; give a value that matches .*.",
                @"parameter version is 'two', which does not match \d+\.\d+; write a value that does."
            );

    [Theory]
    [InlineData(@"\d+", "١٢", false)]
    [InlineData(@"\d+", "12", true)]
    [InlineData(@"[\d.]+", "١.٢", false)]
    [InlineData(@"[\w.-]+", "a-1.é", false)]
    [InlineData(@"[\w.-]+", "a-1._", true)]
    [InlineData(@"[]\d]+", "]1", true)]
    [InlineData(@"[^]\d]+", "1", false)]
    [InlineData(@"[\w-[\d]]+", "ab", true)]
    [InlineData(@"[\w-[\d]]+", "a1", false)]
    [InlineData(@"\\d", @"\d", true)]
    [InlineData(@"\w\W\D", "a é", true)]
    public void Pattern_WithShortClasses_MeansAscii(string pattern, string value, bool fits) =>
        ParameterBinder
            .Bind(
                new Dictionary<string, ParameterSpec>
                {
                    ["x"] = new() { Name = "x", Pattern = pattern },
                },
                new Dictionary<string, string> { ["x"] = value }
            )
            .Errors.Should()
            .HaveCount(fits ? 0 : 1);

    [Fact]
    public void Values_ForARecipeWithoutParameters_AreRefused() =>
        ParameterBinder
            .Bind(new Dictionary<string, ParameterSpec>(), new Dictionary<string, string> { ["x"] = "1" })
            .Errors.Should()
            .Equal("x is not a parameter of this recipe; the recipe takes none.");

    [Theory]
    [InlineData("a\nb", "which holds a line break or another control character; write one line of text.")]
    [InlineData("a\r", "which holds a line break or another control character; write one line of text.")]
    [InlineData("a\0b", "which holds a line break or another control character; write one line of text.")]
    [InlineData("a\u2028b", "which holds a line break or another control character; write one line of text.")]
    [InlineData("{{ssm:secret}}", "which holds {{ or }}; SSM would expand that, so write the value itself.")]
    [InlineData("x}}", "which holds {{ or }}; SSM would expand that, so write the value itself.")]
    public void Value_ThatNoPatternMayAllow_IsRefused(string value, string message) =>
        Bind(("title", value)).Errors.Should().ContainSingle().Which.Should().EndWith(message);

    [Fact]
    public void Value_TooLong_IsRefusedAndShownShort()
    {
        Bind(("title", new string('x', 1024))).Errors.Should().BeEmpty();
        Bind(("title", new string('x', 1025)))
            .Errors.Should()
            .Equal($"parameter title is '{new string('x', 60)}…', which has 1025 characters; at most 1024 are allowed.");
    }

    [Theory]
    [InlineData("1.0\n")]
    [InlineData("x1.0")]
    [InlineData("1.0x")]
    [InlineData("")]
    public void Value_ThatFitsInPart_IsRefused(string value) => Bind(("title", ""), ("version", value)).Errors.Should().ContainSingle();

    [Theory]
    [InlineData("a|ab", "ab")]
    [InlineData("^a|b$", "b")]
    public void Pattern_WithAlternatives_MatchesTheWholeValue(string pattern, string value)
    {
        var declared = new Dictionary<string, ParameterSpec>
        {
            ["p"] = new() { Name = "p", Pattern = pattern },
        };

        ParameterBinder.Bind(declared, new Dictionary<string, string> { ["p"] = value }).Errors.Should().BeEmpty();
        ParameterBinder.Bind(declared, new Dictionary<string, string> { ["p"] = value + "!" }).Errors.Should().ContainSingle();
    }

    [Theory]
    [InlineData("v${version}-${title}", "v1.0-${version}")]
    [InlineData("$${version}", "${version}")]
    [InlineData("$version $$ ${", "$version $$ ${")]
    [InlineData("$$${version}", "$${version}")]
    public void References_AreReplacedOnceAndAsText(string written, string result)
    {
        var parameters = new Dictionary<string, string> { ["version"] = "1.0", ["title"] = "${version}" };

        Resolve().Should().Be(result);

        string Resolve() =>
            written.EndsWith("${", StringComparison.Ordinal)
                ? ParameterReferences.Resolve(new Dictionary<string, string> { ["x"] = written[..^2] }, parameters)["x"] + "${"
                : ParameterReferences.Resolve(new Dictionary<string, string> { ["x"] = written }, parameters)["x"];
    }

    private static ParameterBinding Bind(params (string Name, string Value)[] given) =>
        ParameterBinder.Bind(Declared, given.ToDictionary(g => g.Name, g => g.Value));
}
