/**
 * How the command ends: the exit codes, and the errors that lead to them.
 * @module
 */
import {
  AuthenticationError,
  ConfigurationError,
  ConnectionError,
} from "../../client/base/errors.ts";
import { Interruption } from "./interruption.ts";
import { type Io, OutputClosed } from "./io.ts";
import { loginCommand } from "./login_hint.ts";

/** The exit codes of `roomz`. */
export const ExitCode = {
  /** Done. */
  OK: 0,
  /** It failed for another reason than those below. */
  FAILURE: 1,
  /** The command line, the environment or the input was wrong. */
  USAGE: 2,
  /** There is no session, or the server does not accept it. */
  NOT_LOGGED_IN: 3,
  /** The server could not be reached, is no Roomz server, or the connection was lost for good. */
  NOT_CONNECTED: 4,
  /** Ctrl+C or a signal. */
  INTERRUPTED: 130,
} as const;

/** One of the exit codes. */
export type ExitCode = typeof ExitCode[keyof typeof ExitCode];

/** A failure that the user can do something about; the message says what. */
export class CommandError extends Error {
  /** The class name. */
  override name = "CommandError";
  /** What the process ends with. */
  readonly exitCode: ExitCode;

  /** `message` says what happened and what to do. */
  constructor(message: string, exitCode: ExitCode = ExitCode.FAILURE, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** How to end after an error: the exit code, and what to say; nothing for an expected end. */
export interface Ending {
  /** What the process ends with. */
  readonly exitCode: ExitCode;
  /** What to tell the user, as plain text of one line or several. */
  readonly message?: string;
}

/** What the client says to programs only: which method to call, which option to set. */
const CALLS =
  / Call \w+\(\)[^.]*\.| Wait for the "\w+" event[^.]*\.|, or allow more time with connectionTimeout/g;

function withoutCalls(message: string): string {
  return message.replace(CALLS, "");
}

/** A message of the client without its next step, which is a call in a program. */
export function whatHappened(message: string): string {
  return message.split(/(?<=\.)\s/, 1)[0] ?? message;
}

const BUGS = [TypeError, ReferenceError, RangeError, SyntaxError];

/** Tells how a command that was given `server` by its option ends after `error`. */
export function endingOf(error: unknown, io: Io, server?: string): Ending {
  if (error instanceof OutputClosed) return { exitCode: ExitCode.OK };
  if (error instanceof Interruption) return { exitCode: ExitCode.INTERRUPTED };
  if (error instanceof CommandError) return { exitCode: error.exitCode, message: error.message };
  if (error instanceof AuthenticationError) {
    const login = loginCommand(server);
    const nextStep = io.env("ROOMZ_TOKEN")
      ? `ROOMZ_TOKEN is set: renew it, or unset it and log in with: ${login}`
      : `Log in with: ${login}`;
    const message = `${whatHappened(error.message)}\n${nextStep}`;
    return { exitCode: ExitCode.NOT_LOGGED_IN, message };
  }
  if (error instanceof ConnectionError) {
    return { exitCode: ExitCode.NOT_CONNECTED, message: withoutCalls(error.message) };
  }
  if (error instanceof ConfigurationError) {
    return { exitCode: ExitCode.USAGE, message: error.message };
  }
  if (!(error instanceof Error)) return { exitCode: ExitCode.FAILURE, message: String(error) };
  // What the system refuses (a file, a permission) is told in its words; a bug with its place.
  const message = BUGS.some((bug) => error instanceof bug)
    ? `This is a bug, please report it.\n${error.stack ?? error.message}`
    : error.message;
  return { exitCode: ExitCode.FAILURE, message };
}
