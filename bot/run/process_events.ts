/**
 * What a run does about its process: signals, what nothing handles, and the end.
 * @module
 */
import type { BotLogger } from "../context/bot_logger.ts";
import { takeForgottenFailure } from "../middleware/middleware.ts";
import type { Platform, StopSignal } from "./platform.ts";
import { repeatedSignals } from "./repeated_signal.ts";

/**
 * How long the process of a standalone run has to end by itself, milliseconds. Disconnecting takes half a
 * second at most.
 */
const EXIT_DELAY = 750;

/** A process that a signal ends exits with 128 and this number. */
const SIGNAL_NUMBERS: Readonly<Record<StopSignal, number>> = { SIGINT: 2, SIGTERM: 15 };

/** What a run is to its process. */
export interface ProcessUser {
  /** The name of the bot, for the log. */
  readonly name: string;
  readonly platform: Platform;
  readonly logger: BotLogger;
  /** Whether the process is this run and nothing else. */
  readonly standalone: boolean;
  /** The first signal to stop has come. */
  stop(reason: string): void;
}

/** Listens to the process, until the returned function is called. */
export function listenToProcess(user: ProcessUser): () => void {
  const { name, platform, logger, standalone } = user;
  const cleanups = [
    platform.onUnhandledRejection((reason, promise) => {
      if (takeForgottenFailure(promise, reason)) return true;
      if (!standalone) return false;
      logger.error(`${name}: unhandled rejection (is an "await" missing?)`, reason);
      return true;
    }),
  ];
  if (standalone) {
    let signalled = false;
    const isRepeated = repeatedSignals(() => platform.monotonic());
    cleanups.push(
      platform.onStopSignal((signal) => {
        if (isRepeated(signal)) return;
        if (signalled) {
          logger.warn(`${name}: received ${signal} while stopping; exiting without waiting`);
          return platform.exit(128 + SIGNAL_NUMBERS[signal]);
        }
        signalled = true;
        user.stop(`Received ${signal}.`);
      }),
      platform.onUncaughtException((error) => {
        logger.error(`${name}: uncaught exception, in a timer or an event listener`, error);
      }),
    );
  }
  return () => {
    for (const cleanUp of cleanups) cleanUp();
  };
}

/** The run has ended: ends a standalone process, if anything still keeps it running. */
export function exitSoon(
  { name, platform, logger, standalone }: ProcessUser,
  failed: boolean,
): void {
  if (!standalone) return;
  platform.ifStillRunning(() => {
    logger.warn(
      `${name}: something kept the process running, such as a timer or a half-open ` +
        "connection; exiting",
    );
    platform.exit(failed ? 1 : undefined);
  }, EXIT_DELAY);
}

/** A platform for one of many runs in a process, which listens to the process itself, once for all. */
export function withoutProcess(platform: Platform): Platform {
  const nothing = () => () => {};
  return {
    ...platform,
    onStopSignal: nothing,
    onUnhandledRejection: nothing,
    onUncaughtException: nothing,
  };
}
