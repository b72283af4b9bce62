# Run by the worker on the builder and on an instance of the image: what is installed, for "what changed in the image".
#
# Prints lines of name, version and architecture, separated by tabs and always in the same order, compressed and base64-encoded, because
# SSM shows little of a command's output. What is too long even so comes in parts; behind each but the last stands "(more)". The system's own
# build and its updates are in the list like packages. Environment: PART, from 1. Exit codes: 0 printed, 1 failed.
$ErrorActionPreference = 'Stop'
$lines = New-Object 'System.Collections.Generic.SortedSet[string]' ([StringComparer]::Ordinal)
$system = Get-ItemProperty 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion'
[void] $lines.Add("os-release`t$($system.CurrentBuild).$($system.UBR)`twindows")
foreach ($update in Get-HotFix) { [void] $lines.Add("$($update.HotFixID)`tinstalled`tupdate") }
$places = @{ amd64 = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\*'; x86 = 'HKLM:\SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall\*' }
foreach ($architecture in $places.Keys) {
  foreach ($product in Get-ItemProperty $places[$architecture] -ErrorAction SilentlyContinue) {
    if (-not $product.PSObject.Properties['DisplayName'] -or -not $product.DisplayName) { continue }
    $version = if ($product.PSObject.Properties['DisplayVersion']) { $product.DisplayVersion } else { '-' }
    [void] $lines.Add(('{0}{1}{2}{1}{3}' -f ($product.DisplayName -replace '\s', ' '), "`t", $version, $architecture))
  }
}

$bytes = [Text.Encoding]::UTF8.GetBytes(($lines -join "`n") + "`n")
$packed = New-Object IO.MemoryStream
$gzip = New-Object IO.Compression.GZipStream($packed, [IO.Compression.CompressionMode]::Compress)
$gzip.Write($bytes, 0, $bytes.Length)
$gzip.Dispose()
$text = [Convert]::ToBase64String($packed.ToArray(), 'InsertLineBreaks')
$limit = 19000
$part = if ($env:PART) { [int] $env:PART } else { 1 }
$start = [Math]::Min($text.Length, ($part - 1) * $limit)
[Console]::Out.WriteLine($text.Substring($start, [Math]::Min($limit, $text.Length - $start)))
if ($text.Length -gt $part * $limit) { [Console]::Out.WriteLine('(more)') }
exit 0
