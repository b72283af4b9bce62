using System.Buffers;
using System.Globalization;
using System.Text;

namespace BakeWorker.LocalCloud.Guests.Vm;

/// <summary>An archive in cpio's "newc" format, as the kernel unpacks it behind an initial file system that it has.</summary>
internal sealed class Archive
{
    private const int Folder = 0x41ED;
    private const int Program = 0x81ED;
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly HashSet<string> _folders = [];
    private int _count;

    /// <summary>Adds a file that may be run, and the folders on the way to it.</summary>
    public void Add(string path, string text)
    {
        for (var slash = path.IndexOf('/'); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            if (_folders.Add(path[..slash]))
            {
                Write(path[..slash], Folder, []);
            }
        }

        Write(path, Program, Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Writes an initial file system and this archive behind it.</summary>
    public async Task AppendAsync(string initrd, string target, CancellationToken ct)
    {
        Write("TRAILER!!!", 0, []);
        await using var file = File.Create(target);
        await using (var first = File.OpenRead(initrd))
        {
            await first.CopyToAsync(file, ct);
        }

        file.Position = (file.Position + 3) & ~3L;
        await file.WriteAsync(_bytes.WrittenMemory, ct);
    }

    private void Write(string name, int mode, byte[] content)
    {
        int[] fields = [++_count, mode, 0, 0, 1, 0, content.Length, 0, 0, 0, 0, Encoding.UTF8.GetByteCount(name) + 1, 0];
        var header = "070701" + string.Concat(fields.Select(field => field.ToString("x8", CultureInfo.InvariantCulture)));
        Put(Encoding.UTF8.GetBytes(header + name + "\0"));
        Put(content);
    }

    private void Put(byte[] bytes)
    {
        _bytes.Write(bytes);
        _bytes.Write(new byte[-bytes.Length & 3]);
    }
}
