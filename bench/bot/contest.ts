/**
 * Measures contenders in interleaved rounds in one process, so that changes in the machine's speed affect
 * all of them alike.
 * @module
 */

/** Something to measure. */
export interface Contender {
  readonly name: string;
  /** The number of operations in one run. Default: 1. */
  readonly batch?: number;
  /** Runs `times` times, sequentially or in parallel, and waits for all of them. */
  run(times: number): void | Promise<void>;
}

/** A comparison: the first contender against each of the others. */
export interface Contest {
  readonly title: string;
  readonly contenders: readonly [Contender, ...Contender[]];
  /** The required speed relative to the contender with this name. */
  readonly wanted: Readonly<Record<string, number>>;
}

/** A median with its quartiles. */
export interface Quartiles {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/** The result of a contest. */
export interface Outcome {
  readonly title: string;
  /** Operations per second, by contender. */
  readonly perSecond: Readonly<Record<string, Quartiles>>;
  /** The speed of the first contender relative to each other one, computed per round. */
  readonly ratios: Readonly<Record<string, Quartiles & { readonly wanted?: number }>>;
}

/** How long a contender runs in each round, milliseconds. */
const TURN = 40;

/** Runs a contest. The first round is a warm-up and does not count. */
export async function hold(contest: Contest, rounds: number): Promise<Outcome> {
  const { title, contenders, wanted } = contest;
  const times = new Map<Contender, number>();
  for (const contender of contenders) times.set(contender, await calibrate(contender));
  const speeds = new Map<Contender, number[]>(contenders.map((contender) => [contender, []]));
  for (let round = 0; round <= rounds; round++) {
    // The order rotates from round to round.
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

/** Finds how many runs of a contender fit in its share of a round. */
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

/** Computes the median and the quartiles. */
export function quartiles(values: readonly number[]): Quartiles {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (q: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? NaN;
  return { low: at(0.25), median: at(0.5), high: at(0.75) };
}
