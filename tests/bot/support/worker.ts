/**
 * A bot whose work takes as long as it is told, for tests of order and of ends.
 * @module
 */
import { type Bot, defineBot } from "@roomz/roomz/bot";

/** How the bot runs its work. */
export interface WorkerTraits {
  readonly order?: "device" | "channel";
  readonly concurrent?: boolean;
}

/** `!work <name> <time>` works, `!stop <name>` ends that before its time. */
export class Worker {
  /** What began, ended, and was told that it has no more time. */
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
            signal.addEventListener("abort", () => this.events.push(`${name} is told`));
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
