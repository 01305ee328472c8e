/**
 * A schedule, checked and ready to follow.
 * @module
 */
import type { Scope } from "../handler/scope.ts";
import { readDuration } from "../signature/duration.ts";
import { BotDefinitionError } from "../text/definition_error.ts";
import { parseCron } from "./cron.ts";
import type { Schedule } from "./schedule.ts";
import { CronTimetable, everyInterval, type Timetable } from "./timetable.ts";

/** A schedule, ready to follow. */
export interface BoundSchedule {
  /** Its name in the definition. */
  readonly name: string;
  /** When it is due. */
  readonly timetable: Timetable;
  /** Whether a time that was missed is made up for. */
  readonly missed: "skip" | "once";
  /** What it does. */
  readonly handler: Schedule<never>["run"];
  /** Where it runs. */
  readonly scope: Scope;
}

/**
 * Reads a schedule; `path` names its place in the definition.
 * @throws {BotDefinitionError} It is wrong.
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
      problem: "A bot does nothing more often than every second.",
      path: `${path}.every`,
    });
  }
  const { cron, timeZone = "UTC" } = schedule;
  return new CronTimetable(parseCron(cron, `${path}.cron`), checkZone(timeZone, path));
}

function checkZone(timeZone: string, path: string): string {
  try {
    return new Intl.DateTimeFormat("en", { timeZone }).resolvedOptions().timeZone;
  } catch {
    throw new BotDefinitionError({
      problem: `There is no time zone ${JSON.stringify(timeZone)}. One is "Europe/Brussels".`,
      path: `${path}.timeZone`,
    });
  }
}
