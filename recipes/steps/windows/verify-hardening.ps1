# windows/verify-hardening - a test: does the machine that booted from the image really have what windows/harden promised?
#
# Asks the programs that enforce a setting where they can be asked, and reads the registry where that is what they read.
#
# Environment (all optional):
#   HARDEN_SKIP   ids that windows/harden left out on purpose, separated by spaces
#   UPDATES       `disabled` (default) or `security`, as given to windows/harden
#
# Prints one line per control that does not hold, then one line of JSON. Exit codes: 0 all hold, 1 at least one does not.
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

$skip = @()
if ($env:HARDEN_SKIP) { $skip = @($env:HARDEN_SKIP.Trim().Split(' ')) }
$updates = 'disabled'
if ($env:UPDATES) { $updates = $env:UPDATES }
$passed = 0
$failed = 0

function Expect([string] $id, [string] $what, $actual, $wanted) {
  if ($skip -contains $id) { return }
  if ("$actual" -eq "$wanted") {
    $script:passed++
  } else {
    $script:failed++
    "FAILED ${id}: $what is '$actual', wanted '$wanted'"
  }
}

function Expect-Value([string] $id, [string] $path, [string] $name, [int] $wanted) {
  $current = Get-ItemProperty -LiteralPath $path -Name $name -ErrorAction SilentlyContinue
  $actual = 'not there'
  if ($current) { $actual = $current.$name }
  Expect $id "$name of $path" $actual $wanted
}

function Expect-NoFeature([string] $id, [string] $name) {
  $feature = @(Get-WindowsOptionalFeature -Online | Where-Object { $_.FeatureName -eq $name })
  $state = 'Disabled'
  if ($feature.Count -gt 0 -and "$($feature[0].State)" -like 'Enable*') { $state = 'Enabled' }
  Expect $id "the feature $name" $state 'Disabled'
}

$system = 'HKLM:\SYSTEM\CurrentControlSet'
$policies = 'HKLM:\SOFTWARE\Policies\Microsoft'

$smb = Get-SmbServerConfiguration
Expect-NoFeature 'smb-01' 'SMB1Protocol'
Expect 'smb-01' "the server's SMB 1" $smb.EnableSMB1Protocol $false
Expect 'smb-02' "the server's demand for signatures" $smb.RequireSecuritySignature $true
Expect-Value 'smb-02' "$system\Services\LanmanWorkstation\Parameters" 'RequireSecuritySignature' 1

foreach ($protocol in @('tls-01', 'SSL 3.0'), @('tls-02', 'TLS 1.0'), @('tls-03', 'TLS 1.1')) {
  foreach ($side in 'Server', 'Client') {
    $key = "$system\Control\SecurityProviders\SCHANNEL\Protocols\$($protocol[1])\$side"
    Expect-Value $protocol[0] $key 'Enabled' 0
    Expect-Value $protocol[0] $key 'DisabledByDefault' 1
  }
}
foreach ($software in 'HKLM:\SOFTWARE\Microsoft', 'HKLM:\SOFTWARE\WOW6432Node\Microsoft') {
  Expect-Value 'tls-04' "$software\.NETFramework\v4.0.30319" 'SchUseStrongCrypto' 1
}

$lsa = "$system\Control\Lsa"
Expect-Value 'lsa-01' $lsa 'LmCompatibilityLevel' 5
Expect-Value 'lsa-02' $lsa 'NoLMHash' 1
Expect-Value 'lsa-03' $lsa 'RestrictAnonymous' 1
Expect-Value 'lsa-03' $lsa 'RestrictAnonymousSAM' 1
Expect-Value 'lsa-04' "$system\Control\SecurityProviders\WDigest" 'UseLogonCredential' 0
Expect-Value 'lsa-05' $lsa 'RunAsPPL' 1

$rdp = "$system\Control\Terminal Server\WinStations\RDP-Tcp"
Expect-Value 'rdp-01' $rdp 'UserAuthentication' 1
Expect-Value 'rdp-02' $rdp 'MinEncryptionLevel' 3
Expect-Value 'rdp-02' $rdp 'SecurityLayer' 2

Expect-Value 'net-01' "$policies\Windows NT\DNSClient" 'EnableMulticast' 0
Expect-Value 'run-01' 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\Explorer' 'NoDriveTypeAutoRun' 255
$uac = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System'
Expect-Value 'uac-01' $uac 'EnableLUA' 1
Expect-Value 'uac-02' $uac 'LocalAccountTokenFilterPolicy' 0
Expect-Value 'aud-02' "$uac\Audit" 'ProcessCreationIncludeCmdLine_Enabled' 1
Expect-Value 'ps-01' "$policies\Windows\PowerShell\ScriptBlockLogging" 'EnableScriptBlockLogging' 1
Expect-NoFeature 'ps-02' 'MicrosoftWindowsPowerShellV2Root'
Expect-Value 'log-01' "$policies\Windows\EventLog\Security" 'MaxSize' 196608
Expect-Value 'log-01' "$policies\Windows\EventLog\System" 'MaxSize' 32768
if ($updates -eq 'disabled') { Expect-Value 'upd-01' "$policies\Windows\WindowsUpdate\AU" 'NoAutoUpdate' 1 }

foreach ($number in '0CCE923F', '0CCE9215', '0CCE9216', '0CCE921B', '0CCE9235', '0CCE9237', '0CCE922B', '0CCE922F', '0CCE9211') {
  # Computer, target, category, number, what is recorded: in the machine's language, which is English in these images.
  $line = @(& auditpol.exe /get "/subcategory:{$number-69AE-11D9-BED3-505054503030}" /r | Where-Object { $_ -match $number })
  $recorded = 'nothing'
  if ($line.Count -gt 0) { $recorded = $line[0].Split(',')[4] }
  Expect 'aud-01' "what is recorded of category $number" $recorded 'Success and Failure'
}

$profiles = @(Get-NetFirewallProfile)
Expect 'fw-01' 'the number of firewall profiles' $profiles.Count 3
foreach ($one in $profiles) {
  Expect 'fw-01' "the firewall of profile $($one.Name)" $one.Enabled 'True'
  Expect 'fw-01' "what profile $($one.Name) does with inbound connections" $one.DefaultInboundAction 'Block'
}

$accounts = @(& net.exe accounts) -join "`n"
foreach ($setting in @('acc-01', 'Lockout threshold', 5), @('acc-01', 'Lockout duration', 15), @('acc-01', 'Lockout observation window', 15),
  @('acc-02', 'Minimum password length', 14)) {
  $value = 'not there'
  if ($accounts -match "(?m)^$($setting[1])[^:]*:\s*(\S+)") { $value = $Matches[1] }
  Expect $setting[0] $setting[1] $value $setting[2]
}
$guests = @(Get-LocalUser | Where-Object { "$($_.SID)" -like '*-501' -and $_.Enabled })
Expect 'acc-03' 'the number of guest accounts that are on' $guests.Count 0

$spooler = Get-Service -Name Spooler -ErrorAction SilentlyContinue
if ($spooler) { Expect 'svc-01' 'the start of the spooler' $spooler.StartType 'Disabled' }
if (Get-Command Get-MpComputerStatus -ErrorAction SilentlyContinue) {
  Expect 'def-01' "Defender's real-time protection" (Get-MpComputerStatus).RealTimeProtectionEnabled $true
}

"{`"test`":`"verify-hardening`",`"passed`":$passed,`"failed`":$failed}"
if ($failed -gt 0) { exit 1 }
exit 0
