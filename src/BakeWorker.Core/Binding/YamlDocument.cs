using System.Text;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace BakeWorker.Core.Binding;

/// <summary>
/// Reads YAML into <see cref="Node"/>s from the parser's events, because those carry places, and because depth and the
/// growth of aliases must be bounded before a tree exists.
/// </summary>
internal sealed partial class YamlDocument
{
    public const int MaxBytes = 256 * 1024;
    private const int MaxDepth = 32;
    private const int MaxNodes = 20_000;

    private readonly Dictionary<AnchorName, (Node Node, int Size)> _anchors = [];
    private readonly Problems _problems;
    private readonly Parser _parser;
    private int _depth;

    private YamlDocument(string text, Problems problems)
    {
        _problems = problems;
        _parser = new Parser(new StringReader(text));
    }

    /// <summary>The document's root, or null after an error that was reported.</summary>
    public static Node? Read(byte[] content, Problems problems)
    {
        if (content.Length > MaxBytes)
        {
            problems.Error(
                Place.Start,
                $"the file has {content.Length} bytes, more than the {MaxBytes} that are read; move scripts into files of their own."
            );
            return null;
        }

        if (Utf8Text.Decode(content) is not { } text)
        {
            problems.Error(Place.Start, "the file is not UTF-8; save it as UTF-8.");
            return null;
        }

        var document = new YamlDocument(text, problems);
        try
        {
            return document.ReadRoot();
        }
        catch (YamlException e)
        {
            problems.Error(PlaceOf(e.Start), $"this is not YAML: {Sentence(e.Message)}");
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            // The scanner of the library gives up in this way on a few broken documents; how far it had come is all there is to tell.
            problems.Error(PlaceOf(document._parser.Current?.End ?? Mark.Empty), "this is not YAML: it cannot be read beyond this place.");
            return null;
        }
    }

    private Node? ReadRoot()
    {
        _parser.Consume<StreamStart>();
        if (!_parser.TryConsume<DocumentStart>(out _))
        {
            _problems.Error(Place.Start, "the file is empty; docs/recipes.md shows what belongs into it.");
            return null;
        }

        var (root, _) = ReadNode();
        _parser.Consume<DocumentEnd>();
        if (_parser.TryConsume<DocumentStart>(out var second))
        {
            _problems.Error(PlaceOf(second.Start), "a second document begins here; write one document per file.");
            return null;
        }

        return root;
    }

    private (Node Node, int Size) ReadNode()
    {
        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            return _anchors.TryGetValue(alias.Value, out var target)
                ? target
                : throw new YamlException(alias.Start, alias.End, $"the alias *{alias.Value} names no anchor before it");
        }

        var start = _parser.Current as NodeEvent ?? throw new YamlException("a value is missing here");
        if (!start.Tag.IsEmpty && !start.Tag.IsNonSpecific)
        {
            _problems.Error(PlaceOf(start.Start), $"the tag {Shown.Value(start.Tag.Value)} means nothing here; remove it.");
        }

        if (++_depth > MaxDepth)
        {
            throw new YamlException(start.Start, start.End, $"values are nested more than {MaxDepth} deep");
        }

        var read = start switch
        {
            SequenceStart => ReadList(),
            MappingStart => ReadMap(),
            _ => (ReadScalar(), 1),
        };
        _depth--;
        if (!start.Anchor.IsEmpty)
        {
            _anchors[start.Anchor] = read;
        }

        return read;
    }

    private (Node, int) ReadList()
    {
        var start = _parser.Consume<SequenceStart>();
        var items = new List<Node>();
        var size = 1;
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            var (item, itemSize) = ReadNode();
            items.Add(item);
            size = Grown(size + itemSize, start);
        }

        return (new ListNode(PlaceOf(start.Start), items), size);
    }

    private (Node, int) ReadMap()
    {
        var start = _parser.Consume<MappingStart>();
        var entries = new List<MapEntry>();
        var size = 1;
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var (key, keySize) = ReadNode();
            var (value, valueSize) = ReadNode();
            size = Grown(size + keySize + valueSize, start);
            if (key is ScalarNode { Kind: not ScalarKind.Null } scalar)
            {
                entries.Add(new MapEntry(scalar.Text, scalar.Place, value));
            }
            else
            {
                _problems.Error(key.Place, $"a key is {Shown.Node(key)}; write a word.");
            }
        }

        return (new MapNode(PlaceOf(start.Start), entries), size);
    }

    // A few aliases of aliases can stand for billions of values; what counts is what they stand for.
    private static int Grown(int size, ParsingEvent start) =>
        size <= MaxNodes ? size : throw new YamlException(start.Start, start.End, $"the document grows to more than {MaxNodes} values");

    private ScalarNode ReadScalar()
    {
        var scalar = _parser.Consume<Scalar>();
        var kind = scalar.Style == ScalarStyle.Plain ? KindOf(scalar.Value) : ScalarKind.Text;
        return new ScalarNode(PlaceOf(scalar.Start), scalar.Value, kind);
    }

    private static ScalarKind KindOf(string plain) =>
        plain switch
        {
            "" or "~" or "null" or "Null" or "NULL" => ScalarKind.Null,
            "true" or "True" or "TRUE" or "false" or "False" or "FALSE" => ScalarKind.Flag,
            _ => Number().IsMatch(plain) ? ScalarKind.Number : ScalarKind.Text,
        };

    private static Place PlaceOf(Mark mark) => new((int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));

    private static string Sentence(string message)
    {
        var text = message.Trim().TrimEnd('.');
        return text.Length == 0 ? "it cannot be read." : $"{char.ToLowerInvariant(text[0])}{text[1..]}.";
    }

    [GeneratedRegex(
        @"^([-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$"
    )]
    private static partial Regex Number();
}
