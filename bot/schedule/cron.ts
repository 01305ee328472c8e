/**
 * Parses cron expressions: five fields, as in crontab(5).
 * @module
 */
import { BotDefinitionError } from "../text/definition_error.ts";

/** A parsed cron expression. */
export interface Cron {
  /** The minutes of the hour, ascending. */
  readonly minutes: readonly number[];
  /** The hours of the day, ascending. */
  readonly hours: readonly number[];
  /** Whether it runs more than once a day. */
  readonly repeats: boolean;
  /** The longest time between two of its minutes, within and across hours, in milliseconds. */
  readonly step: number;
  /** Whether the expression matches a day; `weekday` is 1 for Monday to 7 for Sunday. */
  onDay(day: number, month: number, weekday: number): boolean;
}

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Names of its numbers, starting with that of `min`. */
  readonly names: readonly string[];
}

const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const WEEKDAYS = "sun mon tue wed thu fri sat".split(" ");
const FIELDS = {
  minute: { name: "minute", min: 0, max: 59, names: [] },
  hour: { name: "hour", min: 0, max: 23, names: [] },
  day: { name: "day of the month", min: 1, max: 31, names: [] },
  month: { name: "month", min: 1, max: 12, names: MONTHS },
  weekday: { name: "day of the week", min: 0, max: 7, names: WEEKDAYS },
} satisfies Record<string, Field>;
const LONGEST_MONTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** The text of a field, and its position in the expression. */
interface FieldText {
  readonly text: string;
  readonly position: number;
}

/**
 * Parses an expression; `path` is its path in the definition.
 * @throws {BotDefinitionError} It is invalid; the message points at the field.
 */
export function parseCron(source: string, path: string): Cron {
  const [minute, hour, day, month, weekday, ...more] = [...source.matchAll(/\S+/g)].map(
    ({ 0: text, index: position }): FieldText => ({ text, position }),
  );
  if (
    minute === undefined || hour === undefined || day === undefined || month === undefined ||
    weekday === undefined || more.length > 0
  ) {
    const meant = NICKNAMES[source.trim().toLowerCase()];
    throw new BotDefinitionError({
      problem: "A cron expression must have five fields: minute, hour, day of the month, month, " +
        "day of the week. " + (meant === undefined
          ? '"0 9 * * 1-5" means 9:00 from Monday to Friday.'
          : `Instead of ${source.trim()} write "${meant}".`),
      path,
      source,
      position: more[0]?.position ?? 0,
      length: source.length,
    });
  }
  const read = (field: Field, { text, position }: FieldText) =>
    new FieldReader(field, source, path).read(text, position);
  const days = read(FIELDS.day, day);
  const months = read(FIELDS.month, month);
  const weekdays = read(FIELDS.weekday, weekday);
  const anyDay = day.text.startsWith("*");
  const anyWeekday = weekday.text.startsWith("*");
  if (anyWeekday && !months.some((n) => days.some((d) => d <= (LONGEST_MONTHS[n - 1] ?? 0)))) {
    throw new BotDefinitionError({
      problem: "None of these months has such a day, so this would never run.",
      path,
      source,
      position: day.position,
      length: month.position + month.text.length - day.position,
    });
  }
  const minutes = read(FIELDS.minute, minute);
  const hours = read(FIELDS.hour, hour);
  return {
    minutes,
    hours,
    repeats: minutes.length > 1 || hours.length > 1,
    step: longestStep(minutes) * 60_000,
    onDay(day, month, weekday) {
      if (!months.includes(month)) return false;
      const isDay = days.includes(day);
      const isWeekday = weekdays.includes(weekday) || (weekday === 7 && weekdays.includes(0));
      // crontab(5): if both day fields are restricted, a match of either is enough.
      return anyDay || anyWeekday ? isDay && isWeekday : isDay || isWeekday;
    },
  };
}

/** The longest gap between consecutive minutes, wrapping around the hour. */
function longestStep(minutes: readonly number[]): number {
  return Math.max(
    ...minutes.map((minute, i) => (minutes[i + 1] ?? (minutes[0] ?? 0) + 60) - minute),
  );
}

/** Shorthands that other programs accept as a whole expression. */
const NICKNAMES: Readonly<Record<string, string>> = {
  "@hourly": "0 * * * *",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@weekly": "0 0 * * 0",
  "@monthly": "0 0 1 * *",
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
};

/** Parses one field. */
class FieldReader {
  readonly #field: Field;
  readonly #source: string;
  readonly #path: string;

  constructor(field: Field, source: string, path: string) {
    this.#field = field;
    this.#source = source;
    this.#path = path;
  }

  /** The numbers that the field matches, ascending. */
  read(text: string, position: number): number[] {
    const numbers = new Set<number>();
    let start = position;
    for (const part of text.split(",")) {
      for (const number of this.#part({ text: part, position: start })) numbers.add(number);
      start += part.length + 1;
    }
    return [...numbers].sort((a, b) => a - b);
  }

  #part(part: FieldText): number[] {
    const { min, max } = this.#field;
    const match = /^(?:(\*)|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(part.text);
    if (/^l(-\d+)?w?$/i.test(part.text) && this.#field === FIELDS.day) {
      const advice =
        "For the last day of the month, run on 28-31 and check in the handler whether " +
        "the next day is the first.";
      throw this.#invalid(part, advice);
    }
    if (match === null) {
      throw this.#invalid(
        part,
        `Use ${min}-${max}, *, a-b, */n, or a comma-separated list of these.`,
      );
    }
    const [, star, first, last, step] = match;
    const from = first === undefined ? min : this.#number(first, part);
    const end = last !== undefined ? this.#number(last, part) : star !== undefined ? max : from;
    // "sat-sun" is the weekend: Sunday is 7 as well as 0.
    const to = last?.toLowerCase() === "sun" && from > 0 ? 7 : end;
    if (to < from) {
      const advice = `The range runs backwards. Write ${
        this.#splitRange(first ?? "", last ?? "")
      }.`;
      throw this.#invalid(part, advice);
    }
    const by = step === undefined ? 1 : Number(step);
    if (by < 1 || by > max) {
      throw this.#invalid(part, `A step must be from 1 to ${max}.${this.#wideStep(by)}`);
    }
    if (step !== undefined && star === undefined && last === undefined) {
      throw this.#invalid(part, `A step needs a range: ${first}-${max}/${step}.`);
    }
    return Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, i) => from + i * by);
  }

  /** A range past the end of the field, in two: `22-23,0-2`, `fri-sun,mon`. */
  #splitRange(first: string, last: string): string {
    const { min, max } = this.#field;
    const isNamed = Number.isNaN(Number(last));
    const [end, start] = this.#field === FIELDS.weekday
      ? (isNamed ? ["sun", "mon"] : ["7", "1"])
      : isNamed
      ? [this.#field.names.at(-1), this.#field.names[0]]
      : [max, min];
    return `${first}-${end},${String(start) === last.toLowerCase() ? start : `${start}-${last}`}`;
  }

  /** What to write instead of a step that is longer than the field. */
  #wideStep(by: number): string {
    const unit = new Map<Field, string>([[FIELDS.minute, "m"], [FIELDS.hour, "h"]]).get(
      this.#field,
    );
    const { min, max } = this.#field;
    if (unit === undefined || by <= max) return "";
    return by === max + 1
      ? ` For every ${by}${unit}, write ${min}.`
      : ` For every ${by}${unit}, use \`every: "${by}${unit}"\`.`;
  }

  #number(word: string, part: FieldText): number {
    const { min, max, names } = this.#field;
    const named = names.indexOf(word.toLowerCase());
    const number = named !== -1 ? named + min : /^\d+$/.test(word) ? Number(word) : NaN;
    if (number >= min && number <= max) return number;
    const words = names.length === 0 ? "" : `, or ${names[0]} to ${names.at(-1)}`;
    throw this.#invalid(part, `It must be from ${min} to ${max}${words}.`);
  }

  #invalid({ text, position }: FieldText, advice: string): BotDefinitionError {
    return new BotDefinitionError({
      problem: `${JSON.stringify(text)} is not a valid ${this.#field.name}. ${advice}`,
      path: this.#path,
      source: this.#source,
      position,
      length: text.length,
    });
  }
}
