using System.Text;

namespace BakeWorker.Testing.Otlp;

/// <summary>Reads protobuf's wire format: field by field, without a schema.</summary>
internal ref struct ProtoReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _left = bytes;

    public int Field { get; private set; }

    /// <summary>Of fields of fixed size and varints.</summary>
    public ulong Number { get; private set; }

    /// <summary>Of fields with a length: text, bytes, messages.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    public readonly string Text => Encoding.UTF8.GetString(Bytes);

    public readonly string Hex => Convert.ToHexStringLower(Bytes);

    public bool Read()
    {
        if (_left.IsEmpty)
        {
            return false;
        }

        var key = Varint();
        Field = (int)(key >> 3);
        Number = 0;
        Bytes = default;
        switch (key & 7)
        {
            case 0:
                Number = Varint();
                break;
            case 1:
                Number = BitConverter.ToUInt64(Take(8));
                break;
            case 2:
                Bytes = Take((int)Varint());
                break;
            case 5:
                Number = BitConverter.ToUInt32(Take(4));
                break;
            default:
                throw new InvalidDataException($"Field {Field} has the wire type {key & 7}, which nobody uses any more.");
        }

        return true;
    }

    private ulong Varint()
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var part = Take(1)[0];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        var taken = _left[..count];
        _left = _left[count..];
        return taken;
    }
}
