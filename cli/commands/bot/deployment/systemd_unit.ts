/**
 * A bot as a system service of systemd 250 or later.
 * @module
 */
import {
  COMMAND,
  commandWords,
  denoFlags,
  type Deployment,
  type Places,
  stopSeconds,
  writablePaths,
} from "./deployment.ts";

/** The name of the unit, without `.service`. */
export function unitName({ name }: Deployment): string {
  return `roomz-${name}`;
}

/** Where the unit expects things. */
export function unitPlaces(deployment: Deployment): Places & { readonly tokenFile: string } {
  const unit = unitName(deployment);
  return {
    project: `/opt/${unit}`,
    state: `/var/lib/${unit}`,
    tokenFile: `/etc/roomz/${deployment.name}.token`,
  };
}

/** Where the unit expects Deno. */
export const DENO = "/usr/local/bin/deno";

/** The file with variables: those that the bot itself reads, and the key of a fleet. */
export function variablesFile({ name }: Deployment): string {
  return `/etc/roomz/${name}.env`;
}

/** The text of the unit. */
export function systemdUnit(deployment: Deployment): string {
  const unit = unitName(deployment);
  const { project, state, tokenFile } = unitPlaces(deployment);
  // systemd copies the token to a place that only this service can read.
  const CREDENTIAL = "CREDENTIAL";
  const isFleet = deployment.fleet !== undefined;
  const places = isFleet ? { project, state } : { project, state, tokenFile: CREDENTIAL };
  const words = [
    ...denoFlags(deployment, places),
    COMMAND,
    ...commandWords(deployment),
  ].map((word) => commandWord(word).replace(CREDENTIAL, "%d/roomz_token"));
  const writable = writablePaths(deployment).map((path) =>
    `ReadWritePaths=${settingWord(`-${path.startsWith("/") ? path : `${project}/${path}`}`)}\n`
  );
  return `\
# A bot for Roomz. Made by: roomz bot deploy --systemd

[Unit]
Description=Roomz bot ${deployment.name}
Wants=network-online.target
After=network-online.target

[Service]
Type=exec
WorkingDirectory=${project}
# The permissions of the bot, and no others.
ExecStart=${DENO} run \\
  ${words.join(" \\\n  ")}

${
    isFleet
      ? `\
# ROOMZ_FLEET_KEY, DENO_KV_ACCESS_TOKEN, and secrets of the bot itself. Only root can read this file.
EnvironmentFile=${variablesFile(deployment)}`
      : `\
# The session. This file is not part of the unit, and only root can read it.
LoadCredential=roomz_token:${tokenFile}
Environment=ROOMZ_TOKEN_FILE=%d/roomz_token
Environment=${settingWord(`ROOMZ_SERVER_URL=${deployment.server}`)}
# Secrets of the bot itself, if there are any.
EnvironmentFile=-${variablesFile(deployment)}`
  }

# Data and downloaded packages.
StateDirectory=${unit}
CacheDirectory=${unit}
Environment=XDG_STATE_HOME=${state} DENO_DIR=/var/cache/${unit}
Environment=DENO_NO_UPDATE_CHECK=1 NO_COLOR=1

# An invalid configuration (2) or a refused session (3) does not go away by itself.
Restart=on-failure
RestartSec=10
RestartPreventExitStatus=2 3
${isFleet ? "# Accounts are handed over to other hosts first, some 30 a second.\n" : ""}\
TimeoutStopSec=${stopSeconds(deployment)}

# A user of its own, without privileges.
DynamicUser=yes
CapabilityBoundingSet=
NoNewPrivileges=yes
PrivateUsers=yes
UMask=0077

# Of files, only its own can be written; those of users are hidden.
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
${writable.join("")}
# The kernel and other processes.
ProtectProc=invisible
ProcSubset=pid
ProtectClock=yes
ProtectHostname=yes
ProtectControlGroups=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
KeyringMode=private
LockPersonality=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes

# V8 needs @pkey, and memory that it writes and runs: no MemoryDenyWriteExecute.
SystemCallArchitectures=native
SystemCallFilter=@system-service @pkey
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
`;
}

/** A word of a command line, where `$` starts a variable. */
function commandWord(word: string): string {
  return settingWord(word).replaceAll("$", "$$$$");
}

/** A word of a setting: `%` starts a specifier, and quotes keep spaces together. */
function settingWord(word: string): string {
  const text = word.replaceAll("%", "%%");
  return /[\s"'\\;]/.test(text) ? `"${text.replace(/["\\]/g, "\\$&")}"` : text;
}
