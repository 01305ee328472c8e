/**
 * The log of a bot that a command runs.
 * @module
 */
import type { BotLogger } from "../../../bot/mod.ts";
import type { Io } from "../../command_line/io.ts";
import { say } from "../../terminal/output.ts";

/**
 * Logs what the bot's code throws after a handler has ended, which would otherwise end the command. A
 * running bot takes care of the rejections of its middleware, because it has started to listen before.
 */
export function logLateFailures(logger: BotLogger): Disposable {
  const onRejection = (event: PromiseRejectionEvent): void => {
    if (event.defaultPrevented) return;
    event.preventDefault();
    logger.error('unhandled rejection (is an "await" missing?)', event.reason);
  };
  const onException = (event: ErrorEvent): void => {
    if (event.defaultPrevented) return;
    event.preventDefault();
    logger.error("uncaught exception, in a timer or an event listener", event.error);
  };
  globalThis.addEventListener("unhandledrejection", onRejection);
  globalThis.addEventListener("error", onException);
  return {
    [Symbol.dispose]() {
      globalThis.removeEventListener("unhandledrejection", onRejection);
      globalThis.removeEventListener("error", onException);
    },
  };
}

/** Logs to stderr; errors in the bot's code are logged with their stack. */
export function logTo(io: Io): BotLogger {
  const log = (message: string): void => void say(io, message);
  return {
    debug() {},
    info: log,
    warn: log,
    error(message, cause) {
      const details = cause instanceof Error ? cause.stack ?? cause.message : cause;
      log(details === undefined ? message : `${message}\n${details}`);
    },
  };
}
