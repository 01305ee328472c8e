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
import { loadFailure } from "./load_failure.ts";
import { doctorCommandLine, loginCommandLine } from "./login_hint.ts";
import { tokenVariable } from "./token_variable.ts";

/** The exit codes of `roomz`. */
export const ExitCode = {
  /** Success. */
  OK: 0,
  /** A failure without an exit code of its own. */
  FAILURE: 1,
  /** The command line, the environment or the input is invalid. */
  USAGE: 2,
  /** Not logged in, or the server rejected the session. */
  NOT_LOGGED_IN: 3,
  /** The server is unreachable or not a Roomz server, or reconnecting failed. */
  NOT_CONNECTED: 4,
  /** Ctrl+C or a signal. */
  INTERRUPTED: 130,
} as const;

/** One of the exit codes. */
export type ExitCode = typeof ExitCode[keyof typeof ExitCode];

/** A failure that the user can fix; the message says how. */
export class CommandError extends Error {
  /** Set here, because bundlers rename classes. */
  override name = "CommandError";
  /** The exit code of the process. */
  readonly exitCode: ExitCode;

  /** `message` says what happened and what to do. */
  constructor(message: string, exitCode: ExitCode = ExitCode.FAILURE, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** How a command ends after an error. */
export interface Ending {
  readonly exitCode: ExitCode;
  /** What to show, as plain text of one or more lines; undefined for an expected end. */
  readonly message?: string;
}

const BUGS = [TypeError, ReferenceError, RangeError, SyntaxError];

/**
 * How a command ends after `error`. `server` is the value of its option `--server`. The advice of the
 * client's errors is for programs; users of the command get advice in terms of the command instead.
 */
export function endingOf(error: unknown, io: Io, server?: string): Ending {
  if (error instanceof OutputClosed) return { exitCode: ExitCode.OK };
  if (error instanceof Interruption) return { exitCode: ExitCode.INTERRUPTED };
  if (error instanceof CommandError) return { exitCode: error.exitCode, message: error.message };
  if (error instanceof AuthenticationError) {
    const login = loginCommandLine(server);
    const variable = tokenVariable(io);
    const advice = variable === undefined
      ? `Log in with: ${login}`
      : `${variable} is set: renew it, or unset it and log in with: ${login}`;
    return { exitCode: ExitCode.NOT_LOGGED_IN, message: `${error.facts}\n${advice}` };
  }
  if (error instanceof ConnectionError) {
    const advice = error.advice === undefined
      ? ""
      : ` Try again, or check the server with: ${doctorCommandLine(server)}`;
    return { exitCode: ExitCode.NOT_CONNECTED, message: error.facts + advice };
  }
  if (error instanceof ConfigurationError) {
    return { exitCode: ExitCode.USAGE, message: error.message };
  }
  if (!(error instanceof Error)) return { exitCode: ExitCode.FAILURE, message: String(error) };
  const notLoaded = loadFailure(error);
  if (notLoaded !== undefined) return { exitCode: ExitCode.FAILURE, message: notLoaded };
  // A system error (a file, a permission) is shown as it is; a bug with its stack.
  const message = BUGS.some((bug) => error instanceof bug)
    ? `This is a bug in roomz. Please report it, with this text:\n${error.stack ?? error.message}`
    : error.message;
  return { exitCode: ExitCode.FAILURE, message };
}
