/**
 * Measures things side by side: interleaved rounds in one process, so that what slows the machine
 * down slows all of them.
 * @module
 */

/** One of the things that are compared. */
export interface Contender {
  readonly name: string;
  /** How many of what is counted one time stands for. Default: 1. */
  readonly batch?: number;
  /** Does it `times` times, one result after the other or all at once, and waits until all is done. */
  run(times: number): void | Promise<void>;
}

/** A comparison: the first contender against each of the others. */
export interface Contest {
  readonly title: string;
  readonly contenders: readonly [Contender, ...Contender[]];
  /** What issue 5 asks for: how many times as fast as the contender of this name. */
  readonly wanted: Readonly<Record<string, number>>;
}

/** A median with its quartiles. */
export interface Quartiles {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/** What a contest came to. */
export interface Outcome {
  readonly title: string;
  /** Times per second, by contender. */
  readonly perSecond: Readonly<Record<string, Quartiles>>;
  /** How many times as fast the first is as each other; of the rounds, not of the medians. */
  readonly ratios: Readonly<Record<string, Quartiles & { readonly wanted?: number }>>;
}

/** How long one contender runs in one round, milliseconds. */
const TURN = 40;

/** Holds a contest. The first round warms up and does not count. */
export async function hold(contest: Contest, rounds: number): Promise<Outcome> {
  const { title, contenders, wanted } = contest;
  const times = new Map<Contender, number>();
  for (const contender of contenders) times.set(contender, await calibrate(contender));
  const speeds = new Map<Contender, number[]>(contenders.map((contender) => [contender, []]));
  for (let round = 0; round <= rounds; round++) {
    // The order turns from round to round.
    for (let i = 0; i < contenders.length; i++) {
      const contender = contenders[(i + round) % contenders.length];
      if (contender === undefined) continue;
      const speed = await measure(contender, times.get(contender) ?? 1);
      if (round > 0) speeds.get(contender)?.push(speed);
    }
  }
  const [first, ...others] = contenders;
  const own = speeds.get(first) ?? [];
  return {
    title,
    perSecond: Object.fromEntries(
      contenders.map((contender) => [contender.name, quartiles(speeds.get(contender) ?? [])]),
    ),
    ratios: Object.fromEntries(others.map((other) => {
      const ratios = (speeds.get(other) ?? []).map((speed, round) => (own[round] ?? NaN) / speed);
      const goal = wanted[other.name];
      return [other.name, {
        ...quartiles(ratios),
        ...(goal === undefined ? {} : { wanted: goal }),
      }];
    })),
  };
}

/** How often a contender can do it in a turn. */
async function calibrate(contender: Contender): Promise<number> {
  for (let times = 1;; times *= 2) {
    const speed = await measure(contender, times);
    const duration = times * (contender.batch ?? 1) / speed * 1_000;
    if (duration >= TURN / 2) return Math.max(1, Math.round(times * TURN / duration));
  }
}

async function measure(contender: Contender, times: number): Promise<number> {
  const start = performance.now();
  await contender.run(times);
  return times * (contender.batch ?? 1) / (performance.now() - start) * 1_000;
}

/** The median and the quartiles of a list. */
export function quartiles(values: readonly number[]): Quartiles {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (q: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? NaN;
  return { low: at(0.25), median: at(0.5), high: at(0.75) };
}
