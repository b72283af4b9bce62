using System.Globalization;
using BakeWorker.Benchmarks;
using BenchmarkDotNet.Running;

if (args is ["scale", ..])
{
    Scale.Run(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 5_000);
}
else
{
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
}
