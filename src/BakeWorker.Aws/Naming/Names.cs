using System.Security.Cryptography;
using System.Text;
using BakeWorker.Core.Bakes;
using BakeWorker.Core.Cloud;

namespace BakeWorker.Aws.Naming;

/// <summary>
/// Names and tokens by which any worker finds the resources of a bake again. They depend on the request alone, never on the clock.
/// </summary>
internal static class Names
{
    /// <summary>EC2's limit of an image name is 128, SSM's limit of a comment 100 characters.</summary>
    private const int ImageNameLength = 128;
    private const int CommentLength = 100;

    /// <summary>Lower-case hex SHA-256 of <c>bake-id|role|generation|rung</c>: 64 characters, as long as EC2 takes them.</summary>
    public static string ClientToken(BakeId bake, string role, int generation, string rung) => Hash($"{bake}|{role}|{generation}|{rung}");

    /// <summary>The same image on the same template in the same publication is the same version, whoever adds it.</summary>
    public static string TemplateToken(TemplateOrder order) => Hash($"{order.Name}|template|{order.Source}|{order.Round}|{order.Image}");

    /// <summary>A token for anything else, made of what tells it apart.</summary>
    public static string Token(string text) => Hash(text);

    /// <summary>The rung is part of the token because EC2 keeps tokens per availability zone when a subnet is given.</summary>
    public static string ClientToken(BakeId bake, InstanceRole role, int generation, Rung rung) =>
        ClientToken(bake, Tags.Role(role), generation, $"{rung.InstanceType}/{rung.Subnet}/{rung.Market}");

    /// <summary><c>{recipe}/{bake-id}</c>, in the letters EC2 allows, whole bake id always included.</summary>
    public static string Image(Bake bake)
    {
        var recipe = new string([.. bake.Recipe.Name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '-')]);
        var room = ImageNameLength - bake.Id.Value.Length - 1;
        return $"{(recipe.Length > room ? recipe[..room] : recipe)}/{bake.Id}";
    }

    /// <summary><c>bakeworker/{bake-id}/{key}</c>; a key that would not fit is cut and told apart by a hash.</summary>
    public static string Comment(BakeId bake, string key)
    {
        var comment = $"bakeworker/{bake}/{key}";
        return comment.Length <= CommentLength ? comment : $"{comment[..(CommentLength - 9)]}~{Hash(key)[..8]}";
    }

    /// <summary>A FIFO queue's deduplication or group id: 128 letters of a small alphabet.</summary>
    public static string QueueId(string text) =>
        text.Length is > 0 and <= 128 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':' or '/')
            ? text
            : Hash(text);

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
