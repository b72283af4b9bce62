# windows/check-baseline - a boot test: the machine is the Windows that was asked for, activated, at the right time, with its agent.
#
# Environment (all optional):
#   EXPECT_BUILD   the build that it must be: 20348 is Windows Server 2022, 26100 is Windows Server 2025
#
# Prints one line per fault, then one line of JSON. Exit codes: 0 as asked, 1 not.
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$faults = 0
function Add-Fault([string] $what, [string] $why) {
  $script:faults++
  "FAILED ${what}: $why"
}

$system = Get-ItemProperty -LiteralPath 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion'
$build = "$($system.CurrentBuild).$($system.UBR)"
if ($env:EXPECT_BUILD -and $system.CurrentBuild -ne $env:EXPECT_BUILD) { Add-Fault 'system' "this is build $build, not $env:EXPECT_BUILD" }

$agent = Get-Service -Name AmazonSSMAgent
if ("$($agent.Status)" -ne 'Running' -or "$($agent.StartType)" -ne 'Automatic') { Add-Fault 'agent' "the SSM agent is $($agent.Status) and starts $($agent.StartType)" }

foreach ($key in 'Component Based Servicing\RebootPending', 'WindowsUpdate\Auto Update\RebootRequired') {
  if (Test-Path -LiteralPath "HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\$key") { Add-Fault 'restart' "the machine came up with a restart pending ($key)" }
}

# EC2Launch activates against Amazon's servers at first boot; 1 is licensed. The filter leaves products without a key out.
$licensed = @(Get-CimInstance -ClassName SoftwareLicensingProduct -Filter "PartialProductKey IS NOT NULL AND Name LIKE 'Windows%'" | Where-Object { $_.LicenseStatus -eq 1 })
if ($licensed.Count -eq 0) { Add-Fault 'activation' 'Windows is not activated' }

$time = @(& w32tm.exe /query /peers) -join ' '
if ($time -notmatch '169\.254\.169\.123') { Add-Fault 'time' "the clock does not follow Amazon's time service" }

$disk = Get-CimInstance -ClassName Win32_LogicalDisk -Filter "DeviceID='$env:SystemDrive'"
if ($disk.FreeSpace -lt 2GB) { Add-Fault 'disk' "only $($disk.FreeSpace) bytes are free" }
$partition = Get-Partition -DriveLetter $env:SystemDrive[0]
$whole = (Get-Disk -Number $partition.DiskNumber).Size
if ($disk.Size -lt $whole * 0.8) { Add-Fault 'disk' "the system's volume has $($disk.Size) of the disk's $whole bytes" }

# Without a token the metadata service must not answer.
try {
  # lint: allow download-unchecked, nothing shall come back
  [void] (Invoke-WebRequest -UseBasicParsing -Uri 'http://169.254.169.254/latest/meta-data/' -TimeoutSec 5)
  Add-Fault 'metadata' 'the metadata service answers without a token'
} catch {
  $answer = 0
  if ($_.Exception.PSObject.Properties['Response'] -and $_.Exception.Response) { $answer = [int] $_.Exception.Response.StatusCode }
  if ($answer -ne 401) { Add-Fault 'metadata' "the metadata service answers $answer instead of 401: $($_.Exception.Message)" }
}

"{`"test`":`"check-baseline`",`"build`":`"$build`",`"faults`":$faults}"
if ($faults -gt 0) { exit 1 }
exit 0
