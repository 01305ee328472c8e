/**
 * The true time of a simulated world: what no host can see.
 * @module
 */
import { setImmediate } from "node:timers";

/** False if it has done nothing that a promise waits for: it has no consequences then, which saves time. */
type Happen = () => void | false;

interface Event {
  /** When it happens, milliseconds since the start of the world. */
  readonly at: number;
  /** Events of the same time happen in the order in which they were planned. */
  readonly order: number;
  /** Undefined if it was cancelled: what it refers to is free then. */
  happen: Happen | undefined;
}

/** Events in the order of time, each with all its consequences before the next. */
export class VirtualTime {
  /** A binary heap: no event is later than its children, at 2i + 1 and 2i + 2. */
  readonly #heap: Event[] = [];
  #now = 0;
  #planned = 0;

  /** Milliseconds since the start of the world. */
  get now(): number {
    return this.#now;
  }

  /** Plans an event in `delay` milliseconds; the returned function cancels it. */
  after(delay: number, happen: Happen): () => void {
    const event: Event = {
      at: this.#now + Math.max(0, delay),
      order: this.#planned++,
      happen,
    };
    this.#push(event);
    return () => void (event.happen = undefined);
  }

  /** Runs the world up to a time. */
  async run(until: number): Promise<void> {
    await consequences();
    for (
      let first = this.#heap[0];
      first !== undefined && first.at <= until;
      first = this.#heap[0]
    ) {
      this.#pop();
      const { happen } = first;
      if (happen === undefined) continue;
      this.#now = first.at;
      if (happen() !== false) await consequences();
    }
    this.#now = until;
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let at = heap.push(event) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || isBefore(above, event)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = event;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      let least = heap[child];
      const right = heap[child + 1];
      if (least !== undefined && right !== undefined && isBefore(right, least)) {
        least = right;
        child++;
      }
      if (least === undefined || isBefore(last, least)) break;
      heap[at] = least;
      at = child;
    }
    heap[at] = last;
  }
}

function isBefore(a: Event, b: Event): boolean {
  return a.at < b.at || a.at === b.at && a.order < b.order;
}

/** Resolves when all that waits only for promises is done. */
function consequences(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
