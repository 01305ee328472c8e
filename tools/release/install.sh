#!/bin/sh
# Installs the roomz command on Linux (glibc) and macOS.
#
# It downloads the binary for this system and the list SHA256SUMS from the release, compares the
# checksum, starts the binary once, and only then moves it to ~/.local/bin/roomz. It changes nothing
# else: no sudo, no PATH, no shell profile.
#
#   ROOMZ_INSTALL_DIR   the folder to install in, instead of ~/.local/bin
#   ROOMZ_DOWNLOAD_URL  the folder that has the files of a release: https, or http on 127.0.0.1
set -eu

# The release workflow fills these in.
repository="@REPOSITORY@"
tag="@TAG@"

fail() {
  printf 'error: %s\n' "$1" >&2
  exit 1
}

has() {
  command -v "$1" >/dev/null 2>&1
}

target() {
  case "$(uname -m)" in
    x86_64 | amd64) processor=x86_64 ;;
    aarch64 | arm64) processor=aarch64 ;;
    *) fail "There is no binary for the processor $(uname -m), only for x86_64 and aarch64." ;;
  esac
  case "$(uname -s)" in
    Linux) printf '%s-unknown-linux-gnu\n' "$processor" ;;
    Darwin) printf '%s-apple-darwin\n' "$processor" ;;
    *) fail "This script is for Linux and macOS, not for $(uname -s). On Windows use install.ps1." ;;
  esac
}

# download URL FILE
download() {
  if has curl; then
    case "$1" in
      https:*) curl --fail --silent --show-error --location --proto '=https' --output "$2" "$1" ;;
      *) curl --fail --silent --show-error --proto '=http' --output "$2" "$1" ;;
    esac || fail "Cannot download $1. Nothing was installed."
  elif has wget; then
    wget -q -O "$2" "$1" || fail "Cannot download $1. Nothing was installed."
  else
    fail "Neither curl nor wget is here to download with. Install one of them."
  fi
}

checksum() {
  if has sha256sum; then
    sha256sum <"$1" | cut -d ' ' -f 1
  elif has shasum; then
    shasum -a 256 <"$1" | cut -d ' ' -f 1
  else
    fail "Neither sha256sum nor shasum is here to check the download with. Install one of them."
  fi
}

# The whole script is read before anything runs: half a download does nothing.
main() {
  from="${ROOMZ_DOWNLOAD_URL:-}"
  if [ -z "$from" ]; then
    case "$repository" in
      @*) fail "This copy is not from a release: take install.sh from one, or set ROOMZ_DOWNLOAD_URL." ;;
    esac
    from="https://github.com/$repository/releases/download/$tag"
  fi
  case "$from" in
    https://* | http://127.0.0.1 | http://127.0.0.1[:/]*) ;;
    *) fail "ROOMZ_DOWNLOAD_URL must start with https://, not be \"$from\"." ;;
  esac

  # Assigned on a line of its own, so that its failure ends the script.
  target="$(target)"
  asset="roomz-$target"
  folder="${ROOMZ_INSTALL_DIR:-${HOME:?Set HOME or ROOMZ_INSTALL_DIR.}/.local/bin}"
  mkdir -p "$folder" || fail "Cannot make $folder. Name another folder in ROOMZ_INSTALL_DIR."
  # In the same folder, so that the last step is a rename: there is never half a roomz.
  draft="$(mktemp -d "$folder/.roomz-install.XXXXXX")" ||
    fail "Cannot write to $folder. Name another folder in ROOMZ_INSTALL_DIR."
  trap 'rm -rf "$draft"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM

  printf 'Downloading %s/%s\n' "$from" "$asset" >&2
  download "$from/SHA256SUMS" "$draft/SHA256SUMS"
  expected="$(awk -v name="$asset" '$2 == name { print $1 }' "$draft/SHA256SUMS")"
  case "$expected" in
    *[!0-9a-f]*) expected="" ;;
  esac
  [ "${#expected}" -eq 64 ] ||
    fail "SHA256SUMS has no checksum for $asset. Nothing was installed."
  download "$from/$asset" "$draft/roomz"
  actual="$(checksum "$draft/roomz")"
  [ "$actual" = "$expected" ] ||
    fail "The checksum of $asset is $actual, but SHA256SUMS says $expected. Nothing was installed."

  chmod 755 "$draft/roomz"
  version="$("$draft/roomz" --version </dev/null)" ||
    fail "$asset does not start on this system; on Linux it needs glibc. Nothing was installed."
  mv -f "$draft/roomz" "$folder/roomz" || fail "Cannot write $folder/roomz. Nothing was installed."

  printf 'Checksum verified. Installed %s in %s/roomz\n' "$version" "$folder" >&2
  case "$repository" in
    @*) ;;
    *) printf 'To verify who built it: gh attestation verify %s/roomz --repo %s\n' "$folder" "$repository" >&2 ;;
  esac
  case ":${PATH:-}:" in
    *":$folder:"*) ;;
    *) printf 'To run it as roomz, add %s to your PATH.\n' "$folder" >&2 ;;
  esac
}

main
