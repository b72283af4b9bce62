using System.Security.Cryptography;
using System.Text;
using BakeWorker.Core.Cloud;
using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Bakes;

/// <summary>One attempt at one request: everything the stages need to know of it. Nothing in it is found only here.</summary>
public sealed record Bake
{
    public required BakeId Id { get; init; }
    public required BakeRequest Request { get; init; }
    public required Recipe Recipe { get; init; }

    /// <summary>Every declared parameter with its checked value, defaults included.</summary>
    public required IReadOnlyDictionary<string, string> Parameters { get; init; }

    /// <summary><c>sha256:…</c> over the recipe's name and every parameter, by which two bakes are compared without a word of what was given.</summary>
    public string ParametersDigest
    {
        get
        {
            var lines = Parameters.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key}={one.Value}\n");
            return $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Recipe.Name}\n{string.Concat(lines)}")))}";
        }
    }

    /// <summary>1-based receive count of the request.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>When the first attempt of any worker began (UTC); null where this one is the only.</summary>
    public DateTimeOffset? BegunAt { get; init; }

    /// <summary>Start of this attempt (UTC).</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When the bake's instances may be swept (UTC).</summary>
    public required DateTimeOffset Deadline { get; init; }

    /// <summary>Name of this worker process.</summary>
    public required string Worker { get; init; }

    /// <summary>W3C trace context that later attempts continue; null without a trace.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The step after which a person wants to look into the builder; null for a whole bake.</summary>
    public string? Until { get; init; }

    /// <summary>How long the builder of a bake that was not published stays; null for what the recipe says.</summary>
    public TimeSpan? KeepFor { get; init; }

    /// <summary>Whether what carries these tags was made of the recipe as this attempt has read it. What names no digest is believed.</summary>
    public bool IsAsRead(IReadOnlyDictionary<string, string> tags) =>
        tags.GetValueOrDefault(ResourceTags.RecipeDigest, Recipe.Digest) == Recipe.Digest;
}
