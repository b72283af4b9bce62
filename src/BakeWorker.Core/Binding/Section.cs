using System.Diagnostics.CodeAnalysis;

namespace BakeWorker.Core.Binding;

/// <summary>The fields of one map, each already read by its shape. Answers with values, defaults and places.</summary>
internal sealed class Section(string path, Place place, IReadOnlyDictionary<string, Placed<object?>> given)
{
    public Place Place => place;

    /// <summary>The field is there, right or wrong.</summary>
    public bool Has(Field field) => given.ContainsKey(field.Name);

    /// <summary>Where the field's value stands; where the section stands when the field is absent.</summary>
    public Place At(Field field) => given.TryGetValue(field.Name, out var value) ? value.Place : place;

    /// <summary>How messages name the field.</summary>
    public string PathOf(Field field) => PathOf(field.Name);

    public string PathOf(string field) => path.Length == 0 ? Shown.Key(field) : $"{path}.{Shown.Key(field)}";

    /// <summary>The value as written, or false when it is absent or wrong.</summary>
    public bool TryGet<T>(Field<T> field, [MaybeNullWhen(false)] out T value)
        where T : notnull
    {
        value = given.TryGetValue(field.Name, out var found) && found.Value is T typed ? typed : default;
        return found?.Value is T;
    }

    /// <summary>The value or its default. Required fields and fields without a default: only after a check for errors.</summary>
    public T Get<T>(Field<T> field)
        where T : notnull => TryGet(field, out var value) ? value : field.Default!;

    public T? Find<T>(Field<T> field)
        where T : class => TryGet(field, out var value) ? value : null;

    public T? FindValue<T>(Field<T> field)
        where T : struct => TryGet(field, out var value) ? value : null;

    /// <summary>A section inside this one; an empty one in its place when it is absent or wrong.</summary>
    public Section In(Field<Section> field) =>
        Find(field) ?? new Section(PathOf(field), At(field), new Dictionary<string, Placed<object?>>());

    /// <summary>The values of a list without their places.</summary>
    public IReadOnlyList<T> List<T>(Field<IReadOnlyList<Placed<T>>> field) => [.. (Find(field) ?? []).Select(v => v.Value)];

    /// <summary>The values of a map without their places.</summary>
    public IReadOnlyDictionary<string, T> Map<T>(Field<IReadOnlyDictionary<string, Placed<T>>> field) =>
        TryGet(field, out var map) ? map.ToDictionary(v => v.Key, v => v.Value.Value) : new Dictionary<string, T>();
}
