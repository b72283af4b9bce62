using System.Globalization;
using System.Xml.Linq;

namespace BakeWorker.LocalCloud.Ec2.Requests;

/// <summary>The words of EC2's XML: values, structures and sets. What is null is left out.</summary>
internal static class Answer
{
    /// <summary>Most actions that change something answer only this.</summary>
    public static IEnumerable<XElement> True { get; } = [new XElement("return", "true")];

    public static XElement? Value(string name, object? value) => value is null ? null : new XElement(name, Text(value));

    public static XElement Group(string name, params IEnumerable<object?> children) => new(name, children);

    /// <summary>A list: each entry becomes an <c>item</c>.</summary>
    public static XElement Set(string name, IEnumerable<object?> entries) =>
        new(name, entries.Select(entry => new XElement("item", entry)));

    public static XElement Set<T>(string name, IEnumerable<T> entries, Func<T, IEnumerable<object?>> render) =>
        new(name, entries.Select(entry => new XElement("item", render(entry))));

    public static XElement Tags(Resource resource) => Tags("tagSet", resource.Tags);

    public static XElement Tags(string name, IEnumerable<KeyValuePair<string, string>> tags) =>
        Set(name, tags, tag => [Value("key", tag.Key), Value("value", tag.Value)]);

    public static XElement? Reason(StateReason? reason) =>
        reason is null ? null : Group("stateReason", Value("code", reason.Code), Value("message", reason.Message));

    /// <summary>The result of an action: what is not null.</summary>
    public static IEnumerable<XElement> Of(params IEnumerable<XElement?> children) => children.OfType<XElement>().ToList();

    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string Text(object value) =>
        value switch
        {
            bool flag => flag ? "true" : "false",
            DateTimeOffset time => Time(time),
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString() ?? "",
        };
}
