# windows/patch - installs what Windows Update offers this machine, round by round, until it offers nothing more.
#
# Uses the Windows Update agent's own interface, as the system account that SSM gives. An update often shows only after another one was
# installed and the machine restarted: the script ends with 3010 then, the agent restarts the machine and runs it again from the top. Give its
# step `reboot: if-needed` and a timeout of hours. Left out: drivers, previews and what is optional, and what would ask a person.
#
# Environment (all optional):
#   PATCH_ROUNDS   how often it may install before it gives up; default 8 (SSM runs a script again at most fifteen times)
#   PATCH_SKIP     numbers of articles to leave out, separated by spaces, such as "KB5034439"
#   LOCK_TIMEOUT   seconds to wait for another installation to finish; default 600
#
# Prints one line of JSON when nothing is left to install. Exit codes: 0 patched, 1 failed, 2 a value that cannot be used, 3010 restart first.
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

function Stop-Patch([int] $code, [string] $why) {
  [Console]::Error.WriteLine("patch: $why")
  exit $code
}

$limit = 8
if ($env:PATCH_ROUNDS) {
  if ($env:PATCH_ROUNDS -notmatch '^([1-9]|1[0-4])$') { Stop-Patch 2 "PATCH_ROUNDS must be a number from 1 to 14, not '$env:PATCH_ROUNDS'" }
  $limit = [int] $env:PATCH_ROUNDS
}
if ($env:PATCH_SKIP -and $env:PATCH_SKIP -notmatch '^(KB\d{4,8}( |$))+$') { Stop-Patch 2 "PATCH_SKIP must be numbers of articles such as KB5034439, separated by spaces" }
$patience = 600
if ($env:LOCK_TIMEOUT) {
  if ($env:LOCK_TIMEOUT -notmatch '^\d{1,5}$') { Stop-Patch 2 "LOCK_TIMEOUT must be a number of seconds, not '$env:LOCK_TIMEOUT'" }
  $patience = [int] $env:LOCK_TIMEOUT
}
$skip = @()
if ($env:PATCH_SKIP) { $skip = @($env:PATCH_SKIP.Trim().Split(' ')) }

# What was done in the boots before. The seal removes this folder with the other traces of the bake.
$folder = [IO.Path]::Combine($env:ProgramData, 'bakeworker')
$state = [IO.Path]::Combine($folder, 'patch-rounds')
[void] [IO.Directory]::CreateDirectory($folder)
$installed = [Collections.Generic.List[string]]::new()
$rounds = 0
if ([IO.File]::Exists($state)) {
  $lines = @([IO.File]::ReadAllLines($state))
  $rounds = [int] $lines[0]
  foreach ($line in $lines[1..$lines.Length]) { if ($line) { $installed.Add($line) } }
}
function Save-State { [IO.File]::WriteAllLines($state, [string[]] (@("$rounds") + $installed.ToArray())) }

function Test-Restart {
  foreach ($key in 'Component Based Servicing\RebootPending', 'WindowsUpdate\Auto Update\RebootRequired') {
    if (Test-Path -LiteralPath "HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\$key") { return $true }
  }
  return $false
}

# 2 is done, 3 is done with errors; everything else did not work.
function Test-Done([int] $code) { return $code -eq 2 }

$session = New-Object -ComObject Microsoft.Update.Session
$session.ClientApplicationID = 'BakeWorker'
while ($true) {
  # An agent that waits for a restart installs nothing, or half of it.
  if (Test-Restart) {
    $rounds++
    if ($rounds -gt $limit) { Stop-Patch 1 "a restart is still pending after $limit rounds" }
    Save-State
    exit 3010
  }

  $searcher = $session.CreateUpdateSearcher()
  $searcher.Online = $true
  $found = $searcher.Search("IsInstalled=0 and IsHidden=0 and Type='Software'")
  if (-not (Test-Done $found.ResultCode)) { Stop-Patch 1 "the search for updates ended with code $($found.ResultCode)" }

  $wanted = New-Object -ComObject Microsoft.Update.UpdateColl
  $titles = @()
  foreach ($update in @($found.Updates)) {
    if ($update.InstallationBehavior.CanRequestUserInput -or $update.BrowseOnly -or $update.Title -match '\bPreview\b') { continue }
    if (@($update.KBArticleIDs | Where-Object { $skip -contains "KB$_" }).Count -gt 0) { continue }
    if (-not $update.EulaAccepted) { $update.AcceptEula() }
    [void] $wanted.Add($update)
    $titles += ($update.Title -replace '[\s"\\]+', ' ')
  }
  if ($wanted.Count -eq 0) { break }
  $rounds++
  if ($rounds -gt $limit) { Stop-Patch 1 "$($wanted.Count) updates are still offered after $limit rounds, such as $($titles[0])" }
  [Console]::Error.WriteLine("patch: round $rounds, $($wanted.Count) updates: $($titles -join '; ')")

  $downloader = $session.CreateUpdateDownloader()
  $downloader.Updates = $wanted
  $downloaded = $downloader.Download()
  # One that could not be fetched, or was withdrawn meanwhile, does not keep the others.
  if (-not (Test-Done $downloaded.ResultCode)) {
    $fetched = New-Object -ComObject Microsoft.Update.UpdateColl
    $names = @()
    for ($i = 0; $i -lt $wanted.Count; $i++) {
      $update = $wanted.Item($i)
      if ($update.IsDownloaded) {
        [void] $fetched.Add($update)
        $names += $titles[$i]
      } else {
        [Console]::Error.WriteLine("patch: not downloaded in this round: $($titles[$i])")
      }
    }
    if ($fetched.Count -eq 0) { Stop-Patch 1 "the download ended with code $($downloaded.ResultCode)" }
    $wanted = $fetched
    $titles = $names
  }
  $installer = $session.CreateUpdateInstaller()
  $installer.Updates = $wanted
  # Windows installs things of its own after a boot, one at a time with everybody else's.
  for ($waited = 0; $installer.IsBusy; $waited += 15) {
    if ($waited -ge $patience) { Stop-Patch 1 "another installation has not finished within $patience seconds" }
    Start-Sleep -Seconds 15
  }
  $result = $installer.Install()
  $failed = @()
  for ($i = 0; $i -lt $wanted.Count; $i++) {
    $one = $result.GetUpdateResult($i)
    if (Test-Done $one.ResultCode) { $installed.Add($titles[$i]) } else { $failed += ('{0} (0x{1:X8})' -f $titles[$i], $one.HResult) }
  }
  Save-State
  # One that fails beside others often installs after the restart; the limit of rounds ends what never does.
  if ($failed.Count -eq $wanted.Count -and -not $result.RebootRequired) { Stop-Patch 1 "nothing could be installed: $($failed -join '; ')" }
  if ($failed.Count -gt 0) { [Console]::Error.WriteLine("patch: not installed in this round: $($failed -join '; ')") }
  if ($result.RebootRequired -or (Test-Restart)) { exit 3010 }
}

if ([IO.File]::Exists($state)) { [IO.File]::Delete($state) }
$changed = 'false'
if ($installed.Count -gt 0) { $changed = 'true' }
$list = ($installed.ToArray() | ForEach-Object { "`"$_`"" }) -join ','
"{`"step`":`"patch`",`"family`":`"windows`",`"rounds`":$rounds,`"changed`":$changed,`"installed`":[$list]}"
exit 0
