/**
 * How commands reach a fleet: its storage and its keys.
 *
 * The keys open the sessions of other people, so they are never arguments, which every user of the machine
 * can see.
 * @module
 */
import { SessionVault } from "../../bot/fleet/accounts/session_vault.ts";
import { ConfigurationError, KvStorage, StorageError } from "../../bot/mod.ts";
import { messageOf } from "../../client/base/errors.ts";
import { resolve } from "@std/path";
import type { CommandInput } from "../command_line/command_spec.ts";
import { CommandError, ExitCode } from "../command_line/exit_code.ts";
import type { Io } from "../command_line/io.ts";
import { withoutPassword } from "../command_line/redaction.ts";
import { shellWord } from "../command_line/shell_word.ts";
import { pathExists } from "../config/path_exists.ts";

/** The variables that the keys come from: the first that is set counts. */
const KEY_VARIABLE = "ROOMZ_FLEET_KEY";
const KEY_FILE_VARIABLE = "ROOMZ_FLEET_KEY_FILE";

/** The variable in which Deno looks for the access token of a KV server. */
const ACCESS_TOKEN_VARIABLE = "DENO_KV_ACCESS_TOKEN";

/** How a command uses the storage. */
export interface StorageUse {
  /** Whether a file that does not exist is made. */
  readonly creates: boolean;
  /** Whether the command keeps trying by itself while a KV server does not answer. */
  readonly waits?: boolean;
}

/**
 * The storage of the fleet, after a first look at it.
 * @throws {CommandError} None is named, the file does not exist, or it cannot be opened.
 * @throws {ConfigurationError} Deno KV is not available, or the URL is of another kind.
 * @throws {StorageError} It does not answer, and the command does not wait.
 */
export async function fleetStorage(
  io: Io,
  input: CommandInput,
  { creates, waits = false }: StorageUse,
): Promise<KvStorage> {
  const given = input.text("storage") || io.env("ROOMZ_FLEET_STORAGE") || "";
  if (given === "") {
    throw new CommandError(
      "A fleet needs a database that all of its hosts share. Name it with --storage PATH or " +
        "--storage URL, or set ROOMZ_FLEET_STORAGE.",
      ExitCode.USAGE,
    );
  }
  const isUrl = given.includes("://");
  const place = isUrl ? given : resolve(io.workingFolder(), given);
  if (!isUrl && !creates && !await pathExists(place)) {
    throw new CommandError(
      `There is no fleet in ${place}: the file does not exist. Check the path, or add an account first: ` +
        "roomz sessions add --fleet NAME",
      ExitCode.USAGE,
    );
  }
  const storage = new KvStorage(place);
  try {
    await storage.read([]);
  } catch (error) {
    if (!(error instanceof StorageError && waits)) {
      storage[Symbol.dispose]();
      if (error instanceof StorageError) throw error;
      throw isUrl && !io.env(ACCESS_TOKEN_VARIABLE)
        ? noAccessToken(place, error)
        : notOpened(place, isUrl, error);
    }
  }
  return storage;
}

/** Deno's advice is for its own service, and a fleet runs on a KV server of the user's. */
function noAccessToken(place: string, cause: unknown): CommandError {
  return new CommandError(
    `The fleet's database ${
      withoutPassword(place)
    } could not be opened: ${ACCESS_TOKEN_VARIABLE} is ` +
      "not set. Set it to the access token that the KV server was started with.",
    ExitCode.FAILURE,
    { cause },
  );
}

/** Deno says what is wrong, but not what to do. */
function notOpened(place: string, isUrl: boolean, cause: unknown): CommandError {
  const remedy = isUrl
    ? "Is it a KV server, and is DENO_KV_ACCESS_TOKEN its access token?"
    : "Check the path (--storage or ROOMZ_FLEET_STORAGE).";
  const reason = messageOf(cause).replace(/\.$/, "");
  return new CommandError(
    `The fleet's database ${withoutPassword(place)} could not be opened: ${reason}. ${remedy}`,
    ExitCode.FAILURE,
    { cause },
  );
}

/**
 * The keys of the fleet, from ROOMZ_FLEET_KEY or else from the file that ROOMZ_FLEET_KEY_FILE names, with
 * spaces, commas or line breaks between them.
 * @throws {CommandError} None is set, one is not a key, or the file cannot be read.
 */
export function fleetKeys(io: Io): string[] {
  const { text, source } = keyText(io);
  const keys = text.split(/[\s,]+/).filter((key) => key !== "");
  if (keys.length === 0) {
    throw new CommandError(
      `The sessions of a fleet are encrypted, and ${source} does not hold a key. Make one with ` +
        `"roomz fleet key", keep it secret, and set ${KEY_VARIABLE} to it on every host.`,
      ExitCode.USAGE,
    );
  }
  try {
    new SessionVault("", keys); // It checks them.
  } catch (error) {
    throw inWordsOfTheCommand(error, `Check ${source}. Make a key with: roomz fleet key`);
  }
  return keys;
}

/** An error about keys whose advice is for programs, with the advice of a command; others as they are. */
export function inWordsOfTheCommand(
  error: unknown,
  advice = `Add that key to ${KEY_VARIABLE}, after the first one.`,
): unknown {
  if (!(error instanceof ConfigurationError) || error.advice === undefined) return error;
  return new CommandError(`${error.facts} ${advice}`, ExitCode.USAGE, { cause: error });
}

/** The options that name this fleet in a command that an error suggests. */
export function fleetWords(input: CommandInput, fleet: string): string {
  const storage = input.text("storage");
  const where = storage === undefined ? "" : ` --storage ${shellWord(withoutPassword(storage))}`;
  return `--fleet ${shellWord(fleet)}${where}`;
}

/** What to say about a fleet without accounts: there are none yet, or a name or a path is mistyped. */
export function noAccounts(input: CommandInput, fleet: string): string {
  return `The fleet "${fleet}" has no accounts. If it should have some, check its name and its ` +
    `database. Add one with: roomz sessions add ${fleetWords(input, fleet)}`;
}

/**
 * The name that `--fleet` gives.
 * @throws {CommandError} It is missing.
 */
export function requireFleet(input: CommandInput): string {
  const fleet = input.text("fleet") ?? "";
  if (fleet !== "") return fleet;
  throw new CommandError(
    "Name the fleet: --fleet NAME. Its name is that of its bot, unless it was given another.",
    ExitCode.USAGE,
  );
}

/** The keys as they were given, and where. */
function keyText(io: Io): { readonly text: string; readonly source: string } {
  const keys = io.env(KEY_VARIABLE)?.trim();
  if (keys) return { text: keys, source: KEY_VARIABLE };
  const path = io.env(KEY_FILE_VARIABLE)?.trim();
  if (!path) return { text: "", source: KEY_VARIABLE };
  try {
    return {
      text: Deno.readTextFileSync(path),
      source: `the file that ${KEY_FILE_VARIABLE} names`,
    };
  } catch (error) {
    throw new CommandError(
      `The keys of the fleet could not be read from the file that ${KEY_FILE_VARIABLE} names: ` +
        `${messageOf(error)}. Check the path.`,
      ExitCode.USAGE,
      { cause: error },
    );
  }
}
