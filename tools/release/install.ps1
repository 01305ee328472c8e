# Installs the roomz command on Windows, with Windows PowerShell 5.1 or PowerShell 7.
#
# It downloads the binary for this system and the list SHA256SUMS from the release, compares the
# checksum, starts the binary once, and only then moves it to
# %LOCALAPPDATA%\Programs\roomz\roomz.exe. It changes nothing else: no administrator, no PATH, no profile.
#
#   ROOMZ_INSTALL_DIR   the folder to install in
#   ROOMZ_DOWNLOAD_URL  the folder that has the files of a release: https, or http on 127.0.0.1

# In a function that the last line calls: half a download does nothing, and the settings stay in here.
function Install-Roomz {
    Set-StrictMode -Version 3.0
    $ErrorActionPreference = 'Stop'
    # With the bar, a download takes several times as long in Windows PowerShell.
    $ProgressPreference = 'SilentlyContinue'

    # The release workflow fills these in.
    $repository = '@REPOSITORY@'
    $tag = '@TAG@'

    if ($env:OS -ne 'Windows_NT') { throw 'This script is for Windows. On Linux and macOS use install.sh.' }
    $from = $env:ROOMZ_DOWNLOAD_URL
    if (-not $from) {
        if ($repository.StartsWith('@')) {
            throw 'This copy is not from a release: take install.ps1 from one, or set ROOMZ_DOWNLOAD_URL.'
        }
        $from = "https://github.com/$repository/releases/download/$tag"
    }
    if ($from -notmatch '^(https://|http://127\.0\.0\.1([:/]|$))') {
        throw "ROOMZ_DOWNLOAD_URL must start with https://, not be `"$from`"."
    }
    [Net.ServicePointManager]::SecurityProtocol =
        [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12

    $architecture = [System.Runtime.InteropServices.RuntimeInformation]::OSArchitecture.ToString()
    $processor = switch ($architecture) {
        'X64' { 'x86_64' }
        'Arm64' { 'aarch64' }
        default { throw "There is no binary for the processor $architecture, only for X64 and Arm64." }
    }
    $asset = "roomz-$processor-pc-windows-msvc.exe"
    $folder = $env:ROOMZ_INSTALL_DIR
    if (-not $folder) { $folder = Join-Path $env:LOCALAPPDATA 'Programs\roomz' }
    # In the same folder, so that the last step is a rename: there is never half a roomz.
    $draft = Join-Path $folder ('.roomz-install.' + [Guid]::NewGuid().ToString('N'))
    New-Item -ItemType Directory -Force -Path $draft | Out-Null
    try {
        Write-Host "Downloading $from/$asset"
        $list = Join-Path $draft 'SHA256SUMS'
        $binary = Join-Path $draft 'roomz.exe'
        Invoke-WebRequest -UseBasicParsing -Uri "$from/SHA256SUMS" -OutFile $list
        $expected = @(Get-Content -LiteralPath $list | ForEach-Object {
                if ($_ -cmatch '^([0-9a-f]{64})  (\S+)$' -and $Matches[2] -ceq $asset) { $Matches[1] }
            })
        if ($expected.Count -ne 1) { throw "SHA256SUMS has no checksum for $asset. Nothing was installed." }
        Invoke-WebRequest -UseBasicParsing -Uri "$from/$asset" -OutFile $binary
        $actual = (Get-FileHash -Algorithm SHA256 -LiteralPath $binary).Hash.ToLowerInvariant()
        if ($actual -cne $expected[0]) {
            throw "The checksum of $asset is $actual, but SHA256SUMS says $($expected[0]). Nothing was installed."
        }
        try { $version = @(& $binary --version)[0] } catch { $version = $null }
        if (-not $version -or $LASTEXITCODE -ne 0) {
            throw "$asset does not start on this system. Nothing was installed."
        }
        $installed = Join-Path $folder 'roomz.exe'
        try {
            Move-Item -Force -LiteralPath $binary -Destination $installed
        } catch {
            throw "Cannot replace $installed. If roomz is running, end it, and run this again. ($_)"
        }
        Write-Host "Checksum verified. Installed $version in $installed"
        if (-not $repository.StartsWith('@')) {
            Write-Host "To verify who built it: gh attestation verify `"$installed`" --repo $repository"
        }
        if (($env:PATH -split ';') -notcontains $folder) {
            Write-Host "To run it as roomz, add $folder to your PATH."
        }
    } finally {
        Remove-Item -Recurse -Force -LiteralPath $draft
    }
}

Install-Roomz
