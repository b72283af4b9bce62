# windows/verify-clean - a test: is the machine that booted from the image its own, with nothing of its builder in it?
#
# The worker's built-in sweep looks for secrets, for EC2Launch's mark of a first boot, and for the agent's state; this test is the recipe
# author's own proof that windows/cleanup and sysprep held until boot.
#
# Environment (all optional):
#   BAKE_ID   when given, C:\ProgramData\bakeworker-release.txt must name it
#   BOOT      2 after a restart by the boot test: what the first boot made is older then, so nothing is looked at; default 1
#
# Prints one line per trace, then one line of JSON. Exit codes: 0 its own, 1 traces found.
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
if ($env:BOOT -and $env:BOOT -ne '1') {
  '{"test":"verify-clean","traces":0,"looked":false}'
  exit 0
}

$traces = 0
function Add-Trace([string] $rule, [string] $what) {
  $script:traces++
  "FAILED ${rule}: $what"
}

$state = (Get-ItemProperty -LiteralPath 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Setup\State').ImageState
if ($state -ne 'IMAGE_STATE_COMPLETE') { Add-Trace 'image-state' "Windows Setup is in state $state" }

$release = [IO.Path]::Combine($env:ProgramData, 'bakeworker-release.txt')
if ($env:BAKE_ID) {
  $named = $false
  if ([IO.File]::Exists($release)) { $named = @([IO.File]::ReadAllLines($release)) -contains "BAKE_ID=`"$env:BAKE_ID`"" }
  if (-not $named) { Add-Trace 'release' "$release does not name $env:BAKE_ID" }
}

foreach ($user in @(Get-ChildItem -LiteralPath "$env:SystemDrive\Users" -Directory -Force)) {
  foreach ($name in '.aws', '.ssh', 'AppData\Roaming\Microsoft\Windows\PowerShell\PSReadLine\ConsoleHost_history.txt') {
    if (Test-Path -LiteralPath "$($user.FullName)\$name") { Add-Trace 'history' "$($user.FullName)\$name came with the image" }
  }
}
if (Test-Path -LiteralPath "$env:ProgramData\bakeworker-seal-failed.txt") { Add-Trace 'seal' 'the seal had failed' }

"{`"test`":`"verify-clean`",`"traces`":$traces}"
if ($traces -gt 0) { exit 1 }
exit 0
