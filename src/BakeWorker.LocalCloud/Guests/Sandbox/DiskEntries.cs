using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace BakeWorker.LocalCloud.Guests.Sandbox;

/// <summary>One entry of an archive; <paramref name="Digest"/> is that of a file's content, in hex.</summary>
internal sealed record DiskEntry(string Name, char Type, int Mode, long Owner, long Group, long Size, string Link, string Digest);

/// <summary>
/// Reads the archives that GNU tar writes of disks. The reader of .NET refuses them: attributes of files, such as capabilities, are
/// bytes, and it takes them for text.
/// </summary>
internal sealed class DiskEntries(Stream archive)
{
    private const int Block = 512;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private Dictionary<string, string> _more = [];

    /// <summary>The next entry; null at the end.</summary>
    public async Task<DiskEntry?> NextAsync(CancellationToken ct)
    {
        var header = new byte[Block];
        while (await archive.ReadAtLeastAsync(header, Block, throwOnEndOfStream: false, ct) == Block && header.Any(value => value != 0))
        {
            var (type, size) = ((char)header[156], Number(header, 124, 12));
            switch (type)
            {
                case 'x':
                    _more = Attributes(await ReadAsync(size, ct));
                    break;
                case 'L':
                    _more["path"] = Text(await ReadAsync(size, ct));
                    break;
                case 'K':
                    _more["linkpath"] = Text(await ReadAsync(size, ct));
                    break;
                case 'g':
                    await ReadAsync(size, ct);
                    break;
                default:
                    return await EntryAsync(header, type, size, ct);
            }
        }

        return null;
    }

    private async Task<DiskEntry> EntryAsync(byte[] header, char type, long size, CancellationToken ct)
    {
        var more = _more;
        _more = [];
        size = more.TryGetValue("size", out var large) ? long.Parse(large, CultureInfo.InvariantCulture) : size;
        var (prefix, name) = (header[257] == 'u' && header[263] == '0' ? Text(header.AsSpan(345, 155)) : "", Text(header.AsSpan(0, 100)));
        return new DiskEntry(
            more.GetValueOrDefault("path", prefix.Length > 0 ? $"{prefix}/{name}" : name),
            type,
            (int)Number(header, 100, 8),
            Id("uid", 108),
            Id("gid", 116),
            size,
            more.GetValueOrDefault("linkpath", Text(header.AsSpan(157, 100))),
            await DigestAsync(size, ct)
        );

        long Id(string attribute, int at) =>
            more.TryGetValue(attribute, out var id) ? long.Parse(id, CultureInfo.InvariantCulture) : Number(header, at, 8);
    }

    private async Task<string> DigestAsync(long size, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var left = size; left > 0; )
        {
            var part = (int)Math.Min(left, _buffer.Length);
            await archive.ReadExactlyAsync(_buffer.AsMemory(0, part), ct);
            hash.AppendData(_buffer, 0, part);
            left -= part;
        }

        await SkipPaddingAsync(size, ct);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private async Task<byte[]> ReadAsync(long size, CancellationToken ct)
    {
        var content = new byte[size];
        await archive.ReadExactlyAsync(content, ct);
        await SkipPaddingAsync(size, ct);
        return content;
    }

    private async Task SkipPaddingAsync(long size, CancellationToken ct) =>
        await archive.ReadExactlyAsync(_buffer.AsMemory(0, (int)((Block - (size % Block)) % Block)), ct);

    // "27 path=usr/share/…\n": the length counts itself.
    private static Dictionary<string, string> Attributes(byte[] content)
    {
        var found = new Dictionary<string, string>();
        for (var at = 0; at < content.Length; )
        {
            var space = Array.IndexOf(content, (byte)' ', at);
            var length = int.Parse(content.AsSpan(at, space - at), CultureInfo.InvariantCulture);
            var record = content.AsSpan(space + 1, length - (space + 1 - at) - 1);
            var equals = record.IndexOf((byte)'=');
            found[Text(record[..equals])] = Text(record[(equals + 1)..]);
            at += length;
        }

        return found;
    }

    // Octal digits, or, where they do not suffice, a number of bytes behind a mark.
    private static long Number(byte[] header, int at, int length)
    {
        var field = header.AsSpan(at, length);
        var value = 0L;
        foreach (var one in field[((field[0] & 0x80) != 0 ? 1 : 0)..])
        {
            value =
                (field[0] & 0x80) != 0 ? (value << 8) | one
                : one is >= (byte)'0' and <= (byte)'7' ? (value << 3) | (uint)(one - '0')
                : value;
        }

        return value;
    }

    private static string Text(ReadOnlySpan<byte> field) =>
        Encoding.UTF8.GetString(field.IndexOf((byte)0) is >= 0 and var end ? field[..end] : field);
}
