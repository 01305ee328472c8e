/**
 * What is deployed: a bot, where it runs, and with which permissions.
 * @module
 */
import { compatibleRange } from "../../../config/version.ts";
import { addressText, type ListenAddress } from "../../../http/listen_address.ts";

/** The ways to deploy a bot, by the options that choose them. */
export const TARGETS = ["systemd", "docker", "compose"] as const;

/** One of them. */
export type Target = typeof TARGETS[number];

/** A bot that is to run on a server. */
export interface Deployment {
  /** The bot's name as the bot has it: `My Bot`. */
  readonly bot: string;
  /** The name for what is deployed, in lower case letters, digits and dashes: `my-bot`. */
  readonly name: string;
  /** The absolute path of the folder that the bot needs: its `deno.json` and the files it imports. */
  readonly project: string;
  /** The bot's file, relative to that folder. */
  readonly file: string;
  /** The Roomz server's URL. */
  readonly server: string;
  /** The permissions that the bot gets in addition to those of the command, as flags of `deno run`. */
  readonly permissions: readonly string[];
  /** Where it answers health checks; undefined for nowhere. */
  readonly health: ListenAddress | undefined;
  /** The fleet that it is a host of; undefined for a bot of one account. */
  readonly fleet?: FleetPlace | undefined;
}

/** A fleet, and where its hosts meet. */
export interface FleetPlace {
  /** Its name, if that is not the bot's. */
  readonly name: string | undefined;
  /** The URL of its KV server. */
  readonly storage: string;
}

/** Where things are on the machine that the bot runs on. */
export interface Places {
  /** The folder with the bot's project; the bot runs in it. */
  readonly project: string;
  /** The folder that the bot stores its data in. */
  readonly state: string;
  /** The file with the session token, if it comes in one. */
  readonly tokenFile?: string;
}

/** The package as the deployed bot runs it. */
export const COMMAND = `jsr:@roomz/roomz@${compatibleRange}/cli`;

/** The variables that the command reads. Deno throws where a program reads one that it may not. */
const VARIABLES = [
  "ROOMZ_SERVER_URL",
  "ROOMZ_TOKEN",
  "ROOMZ_TOKEN_FILE",
  "ROOMZ_DISPLAY_NAME",
  "ROOMZ_HISTORY",
  "XDG_STATE_HOME",
  "HOME",
  "USERPROFILE",
];

/** Those that a host of a fleet reads as well. */
const FLEET_VARIABLES = [
  "ROOMZ_FLEET_KEY",
  "ROOMZ_FLEET_KEY_FILE",
  "ROOMZ_FLEET_STORAGE",
  "DENO_KV_ACCESS_TOKEN",
];

/**
 * How long it may take to stop, seconds. Handlers that run have ten; a host of a fleet first hands over
 * its accounts, some 30 a second.
 */
export function stopSeconds({ fleet }: Deployment): number {
  return fleet === undefined ? 15 : 120;
}

/**
 * The name for units, images and services: `My Bot` becomes `my-bot`. Names without any ASCII letter
 * or digit become `bot`.
 */
export function deploymentName(bot: string): string {
  return bot.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || "bot";
}

/**
 * The flags of `deno run`: only what the command needs to run this bot, then the permissions that the
 * bot was given. The bot's `deno.json` is read by `roomz bot run`, not by Deno.
 */
export function denoFlags(deployment: Deployment, places: Places): string[] {
  const { server, health, permissions, fleet } = deployment;
  const { project, state, tokenFile } = places;
  const hosts = [
    hostOf(server),
    ...(fleet === undefined ? [] : [hostOf(fleet.storage)]),
    ...(health === undefined ? [] : [addressText(health)]),
  ];
  const own = [
    `--allow-net=${hosts}`,
    `--allow-read=${[project, state, ...(tokenFile === undefined ? [] : [tokenFile])]}`,
    `--allow-write=${state}`,
    `--allow-env=${[...VARIABLES, ...(fleet === undefined ? [] : FLEET_VARIABLES)]}`,
    // The name by which `roomz fleet status` shows the host.
    ...(fleet === undefined ? [] : ["--allow-sys=hostname"]),
  ];
  // A permission without a list means everything, but Deno narrows it to the list of another flag.
  const whole = new Set(permissions.filter((flag) => !flag.includes("=")));
  return [
    "--no-config",
    "--no-lock",
    "--no-prompt",
    "--unstable-kv",
    ...own.filter((flag) => !whole.has(flag.replace(/=.*/, ""))),
    ...permissions,
  ];
}

/** The words of `roomz`, after its name, that run the bot. */
export function commandWords(deployment: Deployment): string[] {
  const { health, fleet } = deployment;
  const membership = fleet === undefined
    ? []
    : [fleet.name === undefined ? "--fleet" : `--fleet=${fleet.name}`, "--storage", fleet.storage];
  const check = health === undefined ? [] : ["--health", addressText(health)];
  return ["bot", "run", ...membership, ...check, fileWord(deployment)];
}

/** The bot's file as a word of a command line: never an option. */
export function fileWord({ file }: Deployment): string {
  return file.startsWith("-") ? `./${file}` : file;
}

/** `roomz.example:443`, as `--allow-net` has it. */
function hostOf(server: string): string {
  const { hostname, port, protocol } = new URL(server);
  return `${hostname}:${port || (protocol === "http:" ? 80 : 443)}`;
}

/** Paths in the permissions `--allow-write=…`, for sandboxes that have to allow them as well. */
export function writablePaths({ permissions }: Deployment): string[] {
  return permissions.flatMap((flag) => /^--allow-write=(.*)$/s.exec(flag)?.[1]?.split(",") ?? []);
}
