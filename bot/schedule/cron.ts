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
  /** Whether the hour field starts with `*`: every hour, or every nth. */
  readonly anyHour: boolean;
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
    throw new BotDefinitionError({
      problem: "A cron expression must have five fields: minute, hour, day of the month, month, " +
        'day of the week. "0 9 * * 1-5" means 9:00 from Monday to Friday.',
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
  return {
    minutes: read(FIELDS.minute, minute),
    hours: read(FIELDS.hour, hour),
    anyHour: hour.text.startsWith("*"),
    onDay(day, month, weekday) {
      if (!months.includes(month)) return false;
      const isDay = days.includes(day);
      const isWeekday = weekdays.includes(weekday) || (weekday === 7 && weekdays.includes(0));
      // crontab(5): if both day fields are restricted, a match of either is enough.
      return anyDay || anyWeekday ? isDay && isWeekday : isDay || isWeekday;
    },
  };
}

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
    if (match === null) {
      throw this.#invalid(
        part,
        `Use ${min}-${max}, *, a-b, */n, or a comma-separated list of these.`,
      );
    }
    const [, star, first, last, step] = match;
    const from = first === undefined ? min : this.#number(first, part);
    const to = last !== undefined ? this.#number(last, part) : star !== undefined ? max : from;
    if (to < from) {
      throw this.#invalid(part, `The range runs backwards: split it in two at ${max}.`);
    }
    const by = step === undefined ? 1 : Number(step);
    if (by < 1 || by > max) throw this.#invalid(part, `A step must be from 1 to ${max}.`);
    if (step !== undefined && star === undefined && last === undefined) {
      throw this.#invalid(part, `A step needs a range: ${first}-${max}/${step}.`);
    }
    return Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, i) => from + i * by);
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
