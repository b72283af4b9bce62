using BakeWorker.LocalCloud.Protocols;

namespace BakeWorker.LocalCloud.Ec2.Requests;

/// <summary>The filters that one describe knows. Filters must all match; of a filter's values one is enough.</summary>
internal sealed class Filters<T>
{
    private const int MaxValues = 200;
    private readonly Dictionary<string, Func<T, IEnumerable<string?>>> _values = [];

    /// <summary>Filters of a resource: <c>tag:KEY</c> and <c>tag-key</c> besides those that are added.</summary>
    public Filters()
    {
        if (typeof(T).IsAssignableTo(typeof(Resource)))
        {
            OnAny("tag-key", item => ((Resource)(object)item!).Tags.Keys);
        }
    }

    public Filters<T> On(string name, Func<T, string?> value) => OnAny(name, item => [value(item)]);

    public Filters<T> On(string name, Func<T, bool> value) => OnAny(name, item => [value(item) ? "true" : "false"]);

    public Filters<T> On(string name, Func<T, DateTimeOffset?> value) =>
        OnAny(name, item => [value(item) is { } time ? Answer.Time(time) : null]);

    public Filters<T> OnAny(string name, Func<T, IEnumerable<string?>> values)
    {
        _values[name] = values;
        return this;
    }

    /// <summary>The test that the call's filters amount to.</summary>
    public Func<T, bool> Read(QueryInput input)
    {
        var filters = input.Structures("Filter").Select(Read1).ToList();
        return item => filters.TrueForAll(filter => filter(item));
    }

    private Predicate<T> Read1(QueryInput filter)
    {
        var name = filter.String("Name") ?? "null";
        var wanted = filter.Strings("Value");
        if (wanted.Count > MaxValues)
        {
            throw new CloudException(
                "FilterLimitExceeded",
                $"The maximum number of filter values specified on a single call is {MaxValues}"
            );
        }

        var values = _values.GetValueOrDefault(name) ?? FindTag(name) ?? throw Ec2Errors.InvalidValue($"The filter '{name}' is invalid");
        // Two hundred ids are looked up; only patterns must be tried one by one.
        var (patterns, texts) = (
            wanted.Where(Wildcard.IsPattern).ToList(),
            wanted.Where(text => !Wildcard.IsPattern(text)).ToHashSet(StringComparer.Ordinal)
        );
        return item =>
            values(item).Any(value => value is not null && (texts.Contains(value) || patterns.Exists(one => Wildcard.Matches(one, value))));
    }

    private static Func<T, IEnumerable<string?>>? FindTag(string name)
    {
        if (!name.StartsWith("tag:", StringComparison.Ordinal) || !typeof(T).IsAssignableTo(typeof(Resource)))
        {
            return null;
        }

        var key = name["tag:".Length..];
        return item => [((Resource)(object)item!).Tags.GetValueOrDefault(key)];
    }
}
