/**
 * The checks of `roomz doctor`, one function each.
 * @module
 */
import { isSessionJwt } from "../../../client/auth/session_token.ts";
import { ClientError, messageOf } from "../../../client/base/errors.ts";
import { isJsonObject, parseJson } from "../../../client/base/json.ts";
import { createConfiguredClient } from "../../account/create_client.ts";
import { describeToken, EXPIRES_SOON, knownSessions } from "../../account/known_sessions.ts";
import { SESSIONS_FILE } from "../../account/session_file.ts";
import type { CommandInput } from "../../command_line/command_spec.ts";
import { CommandError, endingOf, ExitCode } from "../../command_line/exit_code.ts";
import { interruptible } from "../../command_line/interruption.ts";
import type { Io } from "../../command_line/io.ts";
import { loginCommandLine } from "../../command_line/login_hint.ts";
import { withoutPassword } from "../../command_line/redaction.ts";
import { shellWord } from "../../command_line/shell_word.ts";
import { tokenVariable } from "../../command_line/token_variable.ts";
import {
  projectFile,
  readConfiguration,
  SETTINGS_ADVICE,
  unknownSettingsText,
  unusedSettings,
  userFile,
} from "../../config/configuration.ts";
import { environmentToken } from "../../config/environment_token.ts";
import { pathIn, stateFolder } from "../../config/folders.ts";
import type { Configuration } from "../../config/settings.ts";
import { fullVersion } from "../../config/version.ts";
import { pathExists } from "../../config/path_exists.ts";

/** The result of one check. */
export interface Finding {
  /** What was checked. */
  readonly check: "versions" | "configuration" | "files" | "server" | "clock" | "session";
  /** `problem`: something does not work; `warning`: it soon will not, or is unsafe. */
  readonly level: "ok" | "warning" | "problem";
  /** What was found. */
  readonly text: string;
  /** How to fix it. */
  readonly remedy?: string;
  /** The exit code of the command if this is the first problem. */
  readonly exitCode?: ExitCode;
}

const SERVER_TIMEOUT = 10_000;

/** A clock that is off by more than this makes sessions look expired, or valid, when they are not. */
const CLOCK_TOLERANCE = 60_000;

/** Runs all checks, ordered so that an earlier problem explains a later one. */
export async function* diagnose(io: Io, input: CommandInput): AsyncGenerator<Finding> {
  yield checkVersions(io);
  let configuration: Configuration;
  try {
    configuration = await readConfiguration(io, input);
    const { value, origin } = configuration.server_url;
    const shown = withoutPassword(value);
    yield { check: "configuration", level: "ok", text: `The server is ${shown} (${origin}).` };
    for (const { path, names } of await unusedSettings(io)) {
      const text = `${path}: ${unknownSettingsText(names)}`;
      yield { check: "configuration", level: "warning", text, remedy: SETTINGS_ADVICE };
    }
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const remedy = "Fix the file, or move it aside and create a new one with: roomz config init";
    return yield { ...problem("configuration", error.message, ExitCode.USAGE), remedy };
  }
  yield* checkFiles(io);
  const clock = yield* checkServer(io, configuration.server_url.value);
  if (clock !== undefined) yield await checkSession(io, input, configuration, clock);
}

function checkVersions(io: Io): Finding {
  const text = `roomz ${fullVersion(io)}, Deno ${Deno.version.deno}, ${Deno.build.target}.`;
  if (typeof Deno.openKv === "function") return { check: "versions", level: "ok", text };
  return {
    ...problem("versions", `${text} Deno KV is not available, so sessions cannot be stored.`),
    remedy: 'Add --unstable-kv after "deno run".',
  };
}

/** Whether files with secrets are readable only by their owner. */
async function* checkFiles(io: Io): AsyncGenerator<Finding> {
  let folder: string;
  let names: string[];
  try {
    folder = stateFolder(io);
    names = await namesIn(folder);
  } catch (error) {
    const reason = messageOf(error);
    return yield {
      ...problem("files", `Sessions cannot be stored: ${reason}`),
      remedy: "Set XDG_STATE_HOME to a folder that you can write to.",
    };
  }
  let open = false;
  for (const path of [folder, ...names.map((name) => pathIn(folder, name))]) {
    if (await modeOf(path, 0o077) === 0) continue;
    open = true;
    yield {
      check: "files",
      level: "warning",
      text: `${path} is readable by other users.`,
      remedy: `chmod ${path === folder ? 700 : 600} ${shellWord(path)}`,
    };
  }
  if (!open) yield { check: "files", level: "ok", text: `${folder} is readable only by you.` };
  const reason = await whyNotStorable(folder);
  if (reason !== undefined) {
    // Sessions in a read-only folder are read, and a bot with ROOMZ_TOKEN needs none.
    const isNeeded = !names.includes(SESSIONS_FILE) && tokenVariable(io) === undefined;
    const text = `New sessions cannot be stored in ${folder}: ${reason}`;
    yield {
      ...(isNeeded ? problem("files", text) : { check: "files", level: "warning", text }),
      remedy: "Make it writable, or set XDG_STATE_HOME to a folder that you can write to.",
    };
  }
  for (const path of [projectFile(io), userFile(io)]) {
    if (path !== undefined && await modeOf(path, 0o022) !== 0) {
      yield {
        check: "files",
        level: "warning",
        text: `${path} is writable by other users, who could change the server URL.`,
        remedy: `chmod go-w ${shellWord(path)}`,
      };
    }
  }
}

/**
 * Why a login could not store its session, which would use up the link. Creates the folder, as a login
 * does.
 */
async function whyNotStorable(folder: string): Promise<string | undefined> {
  try {
    await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
    // SQLite also writes files of its own beside the database.
    await Deno.remove(await Deno.makeTempFile({ dir: folder, prefix: "roomz-" }));
    const path = pathIn(folder, SESSIONS_FILE);
    if (await pathExists(path)) (await Deno.open(path, { write: true })).close();
  } catch (error) {
    return messageOf(error);
  }
}

/** The files in a folder: sessions, histories and the data of bots. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(folder));
    return entries.filter(({ isFile }) => isFile).map(({ name }) => name).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable) return [];
    throw error;
  }
}

/**
 * Requests the account without a session, which a Roomz server rejects in a recognisable way. Returns
 * what was found about the clock, or undefined if there is no such server.
 */
async function* checkServer(io: Io, server: string): AsyncGenerator<Finding, Finding | undefined> {
  const url = URL.parse(`${server.replace(/^ws/, "http").replace(/\/+$/, "")}/auth/me`);
  if (url === null || !/^https?:$/.test(url.protocol) || url.username + url.password !== "") {
    yield {
      ...problem("server", "The server URL is not valid.", ExitCode.USAGE),
      remedy: "Use one such as http://localhost:8000, without user name or password.",
    };
    return undefined;
  }
  const started = performance.now();
  let response: Response;
  let body: unknown;
  try {
    const signal = AbortSignal.any([io.signal, AbortSignal.timeout(SERVER_TIMEOUT)]);
    response = await fetch(url, { redirect: "manual", signal });
    body = parseJson(await response.text());
  } catch {
    io.signal.throwIfAborted();
    yield {
      ...problem("server", `No answer from ${url.origin}.`, ExitCode.NOT_CONNECTED),
      remedy: "Check the URL (http or https?), your network, and that the server is running. " +
        "To run one locally: roomz serve --allow-all",
    };
    return undefined;
  }
  if (response.status !== 401 || !isJsonObject(body) || typeof body["title"] !== "string") {
    yield {
      ...problem(
        "server",
        `${url.origin} is not a Roomz server (HTTP ${response.status}).`,
        ExitCode.NOT_CONNECTED,
      ),
      remedy: "Check the URL and its port with: roomz config --show-origin",
    };
    return undefined;
  }
  const took = Math.round(performance.now() - started);
  yield { check: "server", level: "ok", text: `The Roomz server answered in ${took} ms.` };
  const clock = checkClock(response.headers.get("Date"));
  yield clock;
  return clock;
}

/** Compares the clock with the server's, which its responses carry in whole seconds. */
function checkClock(date: string | null): Finding {
  const difference = Date.now() - Date.parse(date ?? "");
  if (Number.isNaN(difference)) {
    return {
      check: "clock",
      level: "ok",
      text: "The server sent no date to compare the clock with.",
    };
  }
  const seconds = Math.round(Math.abs(difference) / 1_000);
  if (Math.abs(difference) <= CLOCK_TOLERANCE) {
    return {
      check: "clock",
      level: "ok",
      text: "The clocks of this machine and the server agree.",
    };
  }
  const direction = difference > 0 ? "ahead of" : "behind";
  return {
    check: "clock",
    level: "warning",
    text: `This machine's clock is ${seconds} s ${direction} the server's, so a session may ` +
      "look expired when it is not, or valid when it is not.",
    remedy: "Set the clock, preferably by enabling network time.",
  };
}

async function checkSession(
  io: Io,
  input: CommandInput,
  configuration: Configuration,
  clock: Finding,
): Promise<Finding> {
  const variable = tokenVariable(io);
  const login = loginCommandLine(input.text("server"));
  const remedy = variable === undefined
    ? login
    : `Renew ${variable}, or unset it and run: ${login}`;
  try {
    await using client = createConfiguredClient(io, configuration);
    const { email } = await interruptible(io.signal, client.whoami());
    const expiresAt = await sessionEnd(io, client.serverUrl);
    if (expiresAt === undefined || expiresAt - Date.now() > EXPIRES_SOON) {
      return { check: "session", level: "ok", text: `Logged in as ${email}.` };
    }
    const end = new Date(expiresAt).toISOString();
    return {
      check: "session",
      level: "warning",
      text: `Logged in as ${email}, but only until ${end}.`,
      remedy,
    };
  } catch (error) {
    const { exitCode, message } = endingOf(error, io);
    if (message === undefined) throw error;
    // The remedy replaces the advice of the message.
    const text = error instanceof ClientError ? error.facts : message;
    // By a wrong clock, a new session may look expired as well.
    return { ...problem("session", text, exitCode), remedy: clock.remedy ?? remedy };
  }
}

async function sessionEnd(io: Io, server: string): Promise<number | undefined> {
  const token = environmentToken(io);
  if (isSessionJwt(token)) return describeToken(token).expiresAt;
  const sessions = await knownSessions(io);
  return sessions.find((session) => session.server === server)?.expiresAt;
}

function problem(
  check: Finding["check"],
  text: string,
  exitCode: ExitCode = ExitCode.FAILURE,
): Finding {
  return { check, level: "problem", text, exitCode };
}

/** The bits of `bits` that are set in the file's mode; 0 if the file does not exist or may not be read. */
async function modeOf(path: string, bits: number): Promise<number> {
  try {
    const { mode } = await Deno.stat(path);
    return (mode ?? 0) & bits; // Windows has no modes.
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable) return 0;
    throw error;
  }
}
