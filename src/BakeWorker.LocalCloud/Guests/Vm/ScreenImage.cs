using System.Globalization;
using System.Text;
using StbImageWriteSharp;

namespace BakeWorker.LocalCloud.Guests.Vm;

/// <summary>A photograph of a screen, as EC2 hands it out.</summary>
internal static class ScreenImage
{
    private const int Quality = 80;

    /// <summary>A portable pixmap (P6) as a JPEG.</summary>
    public static byte[] ToJpeg(byte[] pixmap)
    {
        var (at, words) = (0, new List<string>());
        while (words.Count < 4)
        {
            var end = Array.FindIndex(pixmap, at, value => value is (byte)' ' or (byte)'\n');
            words.Add(Encoding.ASCII.GetString(pixmap, at, end - at));
            at = end + 1;
        }

        var (width, height) = (int.Parse(words[1], CultureInfo.InvariantCulture), int.Parse(words[2], CultureInfo.InvariantCulture));
        using var stream = new MemoryStream();
        new ImageWriter().WriteJpg(pixmap[at..], width, height, ColorComponents.RedGreenBlue, stream, Quality);
        return stream.ToArray();
    }
}
