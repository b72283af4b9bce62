# windows/cleanup - removes what nobody needs twice: caches of updates, temporary files, histories, old logs, what one profile leaves to all others.
#
# What the SSM agent needs to report this very step stays, as do the machine's name and numbers: the seal removes the first and hands the
# machine to EC2Launch's sysprep, which takes the second and clears the event logs. Sysprep copies the Administrator's profile to every
# later user's, so that profile is cleaned here. Safe to run again.
#
# Environment (all optional):
#   BAKE_ID, RECIPE, RECIPE_DIGEST, SOURCE_IMAGE   written to C:\ProgramData\bakeworker-release.txt when BAKE_ID is given
#   COMPACT   1 has dism remove superseded components, too: slow, smaller image, updates can no longer be uninstalled; default 0
#
# Prints one line of JSON. Exit codes: 0 clean, 1 something could not be removed.
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$failures = 0
$removed = 0
$held = 0

# Each thing by itself: one that somebody holds open must not keep the others.
function Remove-Within([string] $folder, [string[]] $except) {
  if (-not (Test-Path -LiteralPath $folder)) { return }
  foreach ($item in @(Get-ChildItem -LiteralPath $folder -Force)) {
    if ($except -notcontains $item.Name) { Remove-One $item.FullName }
  }
}

# The updater and the agent hold files of their own in caches for a while. What tells of people or of secrets has to go.
function Remove-One([string] $path, [bool] $must = $false) {
  if (-not (Test-Path -LiteralPath $path)) { return }
  try {
    Remove-Item -LiteralPath $path -Recurse -Force
    $script:removed++
  } catch {
    [Console]::Error.WriteLine("cleanup: $path stays: $_")
    if ($must) { $script:failures++ } else { $script:held++ }
  }
}

foreach ($service in 'wuauserv', 'bits') { Stop-Service -Name $service -Force -ErrorAction SilentlyContinue }
Remove-Within "$env:SystemRoot\SoftwareDistribution\Download"
Remove-Within "$env:SystemRoot\SoftwareDistribution\DeliveryOptimization"

if ($env:COMPACT -eq '1') {
  & dism.exe /online /Cleanup-Image /StartComponentCleanup /ResetBase /Quiet | Out-Null
  if ($LASTEXITCODE -notin 0, 3010) {
    [Console]::Error.WriteLine("cleanup: dism ended with exit code $LASTEXITCODE")
    $failures++
  }
}

# A script of the agent's may run from a temporary folder: whatever holds this one stays.
$own = [IO.Path]::GetFileName([IO.Path]::GetDirectoryName($PSCommandPath))
Remove-Within "$env:SystemRoot\Temp" @($own)
foreach ($user in @(Get-ChildItem -LiteralPath "$env:SystemDrive\Users" -Directory -Force) + @(Get-Item -LiteralPath "$env:SystemRoot\System32\config\systemprofile" -Force)) {
  $place = $user.FullName
  Remove-Within "$place\AppData\Local\Temp" @($own)
  Remove-Within "$place\AppData\Local\Microsoft\Windows\INetCache"
  Remove-Within "$place\AppData\Roaming\Microsoft\Windows\Recent"
  foreach ($name in '.aws', '.ssh', '.azure', '.kube', '.docker', '.git-credentials', '.npmrc', '.nuget\NuGet\NuGet.Config', '.bash_history',
    'AppData\Roaming\Microsoft\Windows\PowerShell\PSReadLine\ConsoleHost_history.txt', 'AppData\Roaming\NuGet\NuGet.Config') {
    Remove-One "$place\$name" $true
  }
}

Remove-Within "$env:SystemDrive\`$Recycle.Bin"
Remove-Within "$env:SystemRoot\Prefetch"
Remove-Within "$env:SystemRoot\Minidump"
Remove-Within "$env:ProgramData\Microsoft\Windows\WER\ReportQueue"
Remove-Within "$env:ProgramData\Microsoft\Windows\WER\ReportArchive"
Remove-Within "$env:ProgramData\Microsoft\Windows Defender\Scans\History\Service\DetectionHistory"
Remove-One "$env:SystemRoot\MEMORY.DMP"
Remove-One "$env:SystemRoot\debug\NetSetup.LOG"
# Answer files of an earlier setup may hold passwords; sysprep writes its own.
foreach ($file in 'Panther\unattend.xml', 'Panther\UnattendGC\unattend.xml', 'System32\Sysprep\unattend.xml') { Remove-One "$env:SystemRoot\$file" $true }

if ($env:BAKE_ID) {
  $lines = @("BAKE_ID=`"$env:BAKE_ID`"", "RECIPE=`"$env:RECIPE`"", "RECIPE_DIGEST=`"$env:RECIPE_DIGEST`"", "SOURCE_IMAGE=`"$env:SOURCE_IMAGE`"")
  [IO.File]::WriteAllLines([IO.Path]::Combine($env:ProgramData, 'bakeworker-release.txt'), [string[]] $lines)
}

"{`"step`":`"cleanup`",`"removed`":$removed,`"held`":$held,`"failures`":$failures}"
if ($failures -gt 0) { exit 1 }
exit 0
