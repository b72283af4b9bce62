using BakeWorker.Core.Recipes;

namespace BakeWorker.Core.Cloud;

/// <summary>The Windows half of <see cref="StepEnvelope"/>: Windows PowerShell 5.1 or later, nothing else.</summary>
internal static class PowerShellEnvelope
{
    public static IReadOnlyList<string> Lines(
        string folder,
        RebootPolicy reboot,
        IReadOnlyList<string> script,
        IReadOnlyList<string> environment
    ) =>
        [
            "# BakeWorker: runs the script below once and remembers its answer in this directory.",
            "$bwScript = @'",
            .. script,
            "'@",
            "$bwEnvironment = @'",
            .. environment.Count == 0 ? [""] : environment,
            "'@",
            .. Run.Replace("@FOLDER@", folder).Replace("@REBOOT@", reboot.ToString()).Split('\n'),
        ];

    public static IReadOnlyList<string> TailLines(string folder) => Tail.Replace("@FOLDER@", folder).Split('\n');

    // The administrators' own folder: values of a step are nobody else's business. 3010 is SSM's "restart, then run me again".
    private const string Run = """
        $ErrorActionPreference = 'Stop'
        $bwDir = "@FOLDER@"
        $bwReboot = '@REBOOT@'
        function BwUnpack([string] $text) {
          if (-not $text.Trim()) { return ,[byte[]]@() }
          $source = [IO.MemoryStream]::new([Convert]::FromBase64String($text))
          $gzip = [IO.Compression.GZipStream]::new($source, [IO.Compression.CompressionMode]::Decompress)
          $target = [IO.MemoryStream]::new()
          $gzip.CopyTo($target)
          return ,$target.ToArray()
        }
        function BwBoot { (Get-CimInstance Win32_OperatingSystem).LastBootUpTime.ToFileTimeUtc() }
        function BwShow([string] $path, [int] $head, [int] $tail, $to) {
          if (-not (Test-Path -LiteralPath $path)) { return }
          $bytes = [IO.File]::ReadAllBytes($path)
          $utf8 = [Text.Encoding]::UTF8
          if ($bytes.Length -le $head + $tail) { $to.Write($utf8.GetString($bytes)); return }
          $to.WriteLine($utf8.GetString($bytes, 0, $head))
          $to.WriteLine("[bakeworker: $($bytes.Length - $head - $tail) bytes left out here; all of it is in $path on the instance]")
          $to.Write($utf8.GetString($bytes, $bytes.Length - $tail, $tail))
        }
        function BwEnd([int] $code) {
          BwShow "$bwDir\out" 6000 14000 ([Console]::Out)
          BwShow "$bwDir\err" 2000 5500 ([Console]::Error)
          exit $code
        }
        function BwNeedsReboot {
          if (Test-Path 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending') { return $true }
          if (Test-Path 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired') { return $true }
          $session = Get-ItemProperty 'HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager' -ErrorAction SilentlyContinue
          return [bool] ($session -and $session.PSObject.Properties['PendingFileRenameOperations'])
        }
        try {
          New-Item -ItemType Directory -Force -Path $bwDir | Out-Null
          & icacls.exe "$env:ProgramData\bakeworker" /inheritance:r /grant:r '*S-1-5-18:(OI)(CI)F' '*S-1-5-32-544:(OI)(CI)F' | Out-Null
          $bwLock = $null
          while (-not $bwLock) {
            try { $bwLock = [IO.File]::Open("$bwDir\lock", 'OpenOrCreate', 'ReadWrite', 'None') } catch [IO.IOException] { Start-Sleep -Seconds 1 }
          }
          if (Test-Path -LiteralPath "$bwDir\done") {
            if ((Test-Path -LiteralPath "$bwDir\reboot") -and ([IO.File]::ReadAllText("$bwDir\reboot") -eq "$(BwBoot)")) { exit 3010 }
            BwEnd ([int] [IO.File]::ReadAllText("$bwDir\done"))
          }
          [IO.File]::WriteAllBytes("$bwDir\script.ps1", (BwUnpack $bwScript))
          $bwLines = [Text.Encoding]::UTF8.GetString((BwUnpack $bwEnvironment)).Split("`n")
          foreach ($bwLine in $bwLines) {
            if (-not $bwLine) { continue }
            $bwName, $bwValue = $bwLine.Split(' ')
            $bwValue = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($bwValue))
            [Environment]::SetEnvironmentVariable($bwName, $bwValue, 'Process')
          }
        } catch {
          [Console]::Error.WriteLine("bakeworker: $_")
          exit 101
        }
        $bwShell = "$env:SystemRoot\System32\WindowsPowerShell\v1.0\powershell.exe"
        $bwCall = "chcp 65001 >nul & `"$bwShell`" -NoProfile -NonInteractive -ExecutionPolicy Bypass -File `"$bwDir\script.ps1`""
        & "$env:SystemRoot\System32\cmd.exe" /d /s /c "`"$bwCall <nul >>`"$bwDir\out`" 2>>`"$bwDir\err`"`""
        $bwExit = $LASTEXITCODE
        if ($bwExit -eq 3010 -and $bwReboot -ne 'Never') { exit 3010 }
        if ($bwExit -eq 3010) {
          [IO.File]::AppendAllText("$bwDir\err", "bakeworker: the script asked for a reboot (exit code 3010), but its step says reboot: never; say reboot: if-needed`r`n")
          $bwExit = 100
        } elseif ($bwExit -eq 0 -and ($bwReboot -eq 'Always' -or ($bwReboot -eq 'IfNeeded' -and (BwNeedsReboot)))) {
          [IO.File]::WriteAllText("$bwDir\reboot", "$(BwBoot)")
        }
        [IO.File]::WriteAllText("$bwDir\done", "$bwExit")
        if (Test-Path -LiteralPath "$bwDir\reboot") { exit 3010 }
        BwEnd $bwExit
        """;

    private const string Tail = """
        # BakeWorker: the end of what the script has written so far.
        $bwDir = "@FOLDER@"
        foreach ($bwPart in @(@('out', 14000, [Console]::Out), @('err', 5500, [Console]::Error))) {
          $bwPath = Join-Path $bwDir $bwPart[0]
          if (-not (Test-Path -LiteralPath $bwPath)) {
            if ($bwPart[0] -eq 'out') { [Console]::Out.WriteLine("bakeworker: no output was kept in $bwDir") }
            continue
          }
          $bwFile = [IO.File]::Open($bwPath, 'Open', 'Read', 'ReadWrite')
          [void] $bwFile.Seek(-[Math]::Min($bwFile.Length, $bwPart[1]), 'End')
          $bwPart[2].Write([IO.StreamReader]::new($bwFile).ReadToEnd())
          $bwFile.Dispose()
        }
        exit 0
        """;
}
