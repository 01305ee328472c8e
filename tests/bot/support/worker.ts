/**
 * A bot whose commands take a given time, for tests of ordering and shutdown.
 * @module
 */
import { type Bot, defineBot } from "@roomz/roomz/bot";

/** How the bot runs its work. */
export interface WorkerTraits {
  readonly order?: "device" | "channel";
  readonly concurrent?: boolean;
}

/** `!work <name> <time>` runs for that long; `!stop <name>` ends it early. */
export class Worker {
  /** When each task began, was aborted and ended, in order. */
  readonly events: string[] = [];
  readonly bot: Bot;

  constructor({ order = "device", concurrent = false }: WorkerTraits = {}) {
    const stops = new Map<string, () => void>();
    this.bot = defineBot({
      name: "helper",
      order,
      commands: {
        "work <name> <time:duration>": {
          concurrent,
          run: async ({ args: { name, time }, clock, signal }) => {
            this.events.push(`${name} begins`);
            signal.addEventListener("abort", () => this.events.push(`${name} aborted`));
            await new Promise<void>((resolve) => {
              clock.schedule(resolve, time);
              stops.set(name, resolve);
            });
            this.events.push(`${name} ends`);
            return `${name} done`;
          },
        },
        "stop <name>": { concurrent: true, run: ({ args }) => stops.get(args.name)?.() },
        "ping": "pong",
      },
    });
  }
}
