/**
 * A schedule that is ready to run: checked, with its timetable.
 * @module
 */
import type { Scope } from "../handler/scope.ts";
import { readDuration } from "../signature/duration.ts";
import { BotDefinitionError } from "../text/definition_error.ts";
import { parseCron } from "./cron.ts";
import type { Schedule } from "./schedule.ts";
import { CronTimetable, everyInterval, type Timetable } from "./timetable.ts";

/** A schedule that is ready to run. */
export interface BoundSchedule {
  readonly name: string;
  readonly timetable: Timetable;
  /** What to do about missed ticks. */
  readonly missed: "skip" | "once";
  readonly handler: Schedule<never>["run"];
  readonly scope: Scope;
}

/**
 * Checks a schedule and binds it to its scope; `path` is its path in the definition.
 * @throws {BotDefinitionError} The schedule is invalid.
 */
export function bindSchedule(
  name: string,
  schedule: Schedule<never>,
  scope: Scope,
  path: string,
): BoundSchedule {
  const { missed = "skip", run } = schedule;
  return { name, missed, handler: run, scope, timetable: timetableOf(schedule, path) };
}

function timetableOf(schedule: Schedule<never>, path: string): Timetable {
  if (schedule.every !== undefined) {
    const interval = readDuration(schedule.every, `${path}.every`);
    if (interval >= 1_000) return everyInterval(interval);
    throw new BotDefinitionError({
      problem: "`every` must be at least 1s.",
      path: `${path}.every`,
    });
  }
  const { cron, timeZone = "UTC" } = schedule;
  if (typeof Temporal === "undefined") {
    throw new BotDefinitionError({
      problem:
        "Cron expressions need Temporal, which Node.js has since version 26. Use that, Deno or " +
        "Bun, or load a polyfill before the bot: npm install temporal-polyfill, then " +
        'import "temporal-polyfill/global".',
      path: `${path}.cron`,
    });
  }
  return new CronTimetable(parseCron(cron, `${path}.cron`), checkZone(timeZone, path));
}

function checkZone(timeZone: string, path: string): string {
  try {
    return new Intl.DateTimeFormat("en", { timeZone }).resolvedOptions().timeZone;
  } catch {
    throw new BotDefinitionError({
      problem: `Unknown time zone ${
        JSON.stringify(timeZone)
      }. Use a name such as "Europe/Brussels".`,
      path: `${path}.timeZone`,
    });
  }
}
