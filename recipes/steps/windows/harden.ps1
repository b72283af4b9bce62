# windows/harden - the house baseline for Windows Server, as registry values and settings that can be read, audited and written again.
#
# Every control has an id. Left out on purpose, because they break instances or fight EC2Launch: another name for the Administrator, denying
# network logon to local accounts, WinRM restrictions (SSM does not need WinRM; who uses it decides), password ages. What a control records,
# such as the text of scripts, the seal clears out of the event logs. windows/verify-hardening checks the same ids on a machine booted from
# the image; docs/hardening.md has both as a table.
#
# Environment (all optional):
#   HARDEN_SKIP   ids to leave out, separated by spaces, such as "svc-01 rdp-02"; give the same value to windows/verify-hardening
#   UPDATES       `disabled` (default): the image only changes by being baked again; `security`: Windows updates itself
#
# Prints one line of JSON. Exit codes: 0 hardened, 1 failed, 2 a value that cannot be used, 3010 restart first: give its step reboot: if-needed.
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

function Stop-Harden([int] $code, [string] $why) {
  [Console]::Error.WriteLine("harden: $why")
  exit $code
}

$updates = 'disabled'
if ($env:UPDATES) { $updates = $env:UPDATES }
if ($updates -notin 'disabled', 'security') { Stop-Harden 2 "UPDATES must be disabled or security, not '$updates'" }
if ($env:HARDEN_SKIP -and $env:HARDEN_SKIP -notmatch '^[a-z0-9 -]*$') { Stop-Harden 2 'HARDEN_SKIP must be control ids separated by spaces' }
$skip = @()
if ($env:HARDEN_SKIP) { $skip = @($env:HARDEN_SKIP.Trim().Split(' ')) }

$applied = [Collections.Generic.SortedSet[string]]::new()
$skipped = [Collections.Generic.SortedSet[string]]::new()
$changed = [Collections.Generic.SortedSet[string]]::new()
$restart = $false

# Whether the recipe wants it.
function Use-Control([string] $id) {
  if ($skip -contains $id) {
    [void] $skipped.Add($id)
    return $false
  }
  [void] $applied.Add($id)
  return $true
}

function Set-Value([string] $id, [string] $path, [string] $name, [int] $value) {
  if (-not (Use-Control $id)) { return }
  if (-not (Test-Path -LiteralPath $path)) { [void] (New-Item -Path $path -Force) }
  $current = Get-ItemProperty -LiteralPath $path -Name $name -ErrorAction SilentlyContinue
  if ($current -and $current.$name -eq $value) { return }
  [void] (New-ItemProperty -LiteralPath $path -Name $name -Value $value -PropertyType DWord -Force)
  [void] $changed.Add($id)
}

function Remove-Feature([string] $id, [string] $name) {
  if (-not (Use-Control $id)) { return }
  # Out of them all: asked by its name, one that does not exist is an error like any other.
  $feature = @(Get-WindowsOptionalFeature -Online | Where-Object { $_.FeatureName -eq $name })
  if ($feature.Count -eq 0 -or "$($feature[0].State)" -notlike 'Enable*') { return }
  [void] (Disable-WindowsOptionalFeature -Online -FeatureName $name -NoRestart)
  [void] $changed.Add($id)
}

$system = 'HKLM:\SYSTEM\CurrentControlSet'
$policies = 'HKLM:\SOFTWARE\Policies\Microsoft'

# Every worm of the last years liked SMB 1; unsigned SMB can be relayed.
Remove-Feature 'smb-01' 'SMB1Protocol'
Set-Value 'smb-01' "$system\Services\LanmanServer\Parameters" 'SMB1' 0
Set-Value 'smb-02' "$system\Services\LanmanServer\Parameters" 'RequireSecuritySignature' 1
Set-Value 'smb-02' "$system\Services\LanmanWorkstation\Parameters" 'RequireSecuritySignature' 1

# Old TLS is broken; .NET 4 has to be told that it may use what is left.
foreach ($protocol in @('tls-01', 'SSL 3.0'), @('tls-02', 'TLS 1.0'), @('tls-03', 'TLS 1.1')) {
  foreach ($side in 'Server', 'Client') {
    $key = "$system\Control\SecurityProviders\SCHANNEL\Protocols\$($protocol[1])\$side"
    Set-Value $protocol[0] $key 'Enabled' 0
    Set-Value $protocol[0] $key 'DisabledByDefault' 1
  }
}
foreach ($software in 'HKLM:\SOFTWARE\Microsoft', 'HKLM:\SOFTWARE\WOW6432Node\Microsoft') {
  Set-Value 'tls-04' "$software\.NETFramework\v4.0.30319" 'SchUseStrongCrypto' 1
}

# Weak answers to logons can be cracked, and passwords in memory be read.
$lsa = "$system\Control\Lsa"
Set-Value 'lsa-01' $lsa 'LmCompatibilityLevel' 5
Set-Value 'lsa-02' $lsa 'NoLMHash' 1
Set-Value 'lsa-03' $lsa 'RestrictAnonymous' 1
Set-Value 'lsa-03' $lsa 'RestrictAnonymousSAM' 1
Set-Value 'lsa-04' "$system\Control\SecurityProviders\WDigest" 'UseLogonCredential' 0
Set-Value 'lsa-05' $lsa 'RunAsPPL' 1

# Remote desktop asks who it is before it shows anything, and encrypts it.
$rdp = "$system\Control\Terminal Server\WinStations\RDP-Tcp"
Set-Value 'rdp-01' $rdp 'UserAuthentication' 1
Set-Value 'rdp-02' $rdp 'MinEncryptionLevel' 3
Set-Value 'rdp-02' $rdp 'SecurityLayer' 2

# Answers to broadcasts can be forged by any neighbour.
Set-Value 'net-01' "$policies\Windows NT\DNSClient" 'EnableMulticast' 0
# A medium does not start programs; nor does a remote local administrator get full rights unasked.
Set-Value 'run-01' 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\Explorer' 'NoDriveTypeAutoRun' 255
$uac = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System'
Set-Value 'uac-01' $uac 'EnableLUA' 1
Set-Value 'uac-02' $uac 'LocalAccountTokenFilterPolicy' 0

# What was run can be read afterwards: with its command line, and scripts with their text.
Set-Value 'aud-02' "$uac\Audit" 'ProcessCreationIncludeCmdLine_Enabled' 1
Set-Value 'ps-01' "$policies\Windows\PowerShell\ScriptBlockLogging" 'EnableScriptBlockLogging' 1
# The old engine writes no such log.
Remove-Feature 'ps-02' 'MicrosoftWindowsPowerShellV2Root'
Set-Value 'log-01' "$policies\Windows\EventLog\Security" 'MaxSize' 196608
Set-Value 'log-01' "$policies\Windows\EventLog\System" 'MaxSize' 32768

# A fleet is what its image is.
if ($updates -eq 'disabled') { Set-Value 'upd-01' "$policies\Windows\WindowsUpdate\AU" 'NoAutoUpdate' 1 }

# From here on values that only count after a restart are no longer among what changes.
if ($changed.Count -gt 0) { $restart = $true }

# Names of categories are translated; their numbers are not.
if (Use-Control 'aud-01') {
  foreach ($number in '0CCE923F', '0CCE9215', '0CCE9216', '0CCE921B', '0CCE9235', '0CCE9237', '0CCE922B', '0CCE922F', '0CCE9211') {
    $category = "{$number-69AE-11D9-BED3-505054503030}"
    & auditpol.exe /set "/subcategory:$category" /success:enable /failure:enable | Out-Null
    if ($LASTEXITCODE -ne 0) { Stop-Harden 1 "auditpol refuses category $category" }
  }
}

# Inbound connections need a rule; which there are, security groups decide besides.
if (Use-Control 'fw-01') { Set-NetFirewallProfile -All -Enabled True -DefaultInboundAction Block -DefaultOutboundAction Allow }

# In this order: Windows refuses a duration before there is a threshold, and one below the window, so these two come together.
if (Use-Control 'acc-01') {
  foreach ($settings in @('/lockoutthreshold:5'), @('/lockoutduration:15', '/lockoutwindow:15')) {
    & net.exe accounts @settings | Out-Null
    if ($LASTEXITCODE -ne 0) { Stop-Harden 1 "net accounts $settings ended with exit code $LASTEXITCODE" }
  }
}
if (Use-Control 'acc-02') {
  & net.exe accounts /minpwlen:14 | Out-Null
  if ($LASTEXITCODE -ne 0) { Stop-Harden 1 "net accounts /minpwlen:14 ended with exit code $LASTEXITCODE" }
}
# By number, because the account has another name in other languages.
if (Use-Control 'acc-03') {
  foreach ($guest in @(Get-LocalUser | Where-Object { "$($_.SID)" -like '*-501' -and $_.Enabled })) {
    Disable-LocalUser -InputObject $guest
    [void] $changed.Add('acc-03')
  }
}

# A server that prints nothing needs no spooler, which had holes enough.
if (Use-Control 'svc-01') {
  $spooler = Get-Service -Name Spooler -ErrorAction SilentlyContinue
  if ($spooler -and "$($spooler.StartType)" -ne 'Disabled') {
    Stop-Service -Name Spooler -Force
    Set-Service -Name Spooler -StartupType Disabled
    [void] $changed.Add('svc-01')
  }
}
if ((Get-Command Set-MpPreference -ErrorAction SilentlyContinue) -and (Use-Control 'def-01')) { Set-MpPreference -DisableRealtimeMonitoring $false }

foreach ($id in $skip) {
  if ($id -and -not $skipped.Contains($id)) { [Console]::Error.WriteLine("harden: HARDEN_SKIP names $id, which is no control or does not apply here") }
}
$left = ($skipped | ForEach-Object { "`"$_`"" }) -join ','
$new = ($changed | ForEach-Object { "`"$_`"" }) -join ','
"{`"step`":`"harden`",`"controls`":$($applied.Count),`"skipped`":[$left],`"updates`":`"$updates`",`"changed`":[$new]}"
if ($restart) { exit 3010 }
exit 0
