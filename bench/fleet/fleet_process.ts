/**
 * A process that is a host of a fleet under test. Its argument is its configuration as JSON; it prints what
 * happens as lines of JSON. SIGTERM stops it.
 * @module
 */
import { type BotLogger, defineBot, runFleet } from "@roomz/roomz/bot";

/** What a host is told. */
export interface HostConfig {
  readonly name: string;
  readonly storage: string;
  readonly key: string;
  /** Milliseconds. */
  readonly lease: number;
  /** How many accounts of a server the fleet connects. Default: 100,000. */
  readonly serverCapacity?: number;
}

/** What a host prints. */
export type HostLine =
  | { readonly type: "log"; readonly level: string; readonly text: string; readonly at: number }
  | {
    readonly type: "unknown";
    readonly email: string;
    readonly id: string;
    readonly reason: string;
  }
  | {
    readonly type: "gap";
    readonly email: string;
    /** Time of day, milliseconds; 0 if it is unknown since when. */
    readonly from: number;
    readonly to: number;
    readonly at: number;
  };

function print(line: HostLine): void {
  console.log(JSON.stringify(line));
}

const config: HostConfig = JSON.parse(Deno.args[0] ?? "{}");
const bot = defineBot({
  name: "helper",
  commands: { "ping <n:int>": ({ args }) => `pong ${args.n}` },
});
const add = (level: string) => (text: string, cause?: unknown) => {
  const why = cause === undefined ? "" : ` ${cause}`;
  print({ type: "log", level, text: `${text}${why}`, at: Date.now() });
};
const logger: BotLogger = { debug() {}, info: add("info"), warn: add("warn"), error: add("error") };
await runFleet(bot, {
  storage: config.storage,
  keys: [config.key],
  hostName: config.name,
  lease: config.lease,
  serverCapacity: config.serverCapacity ?? 100_000,
  loopGuard: false,
  standalone: true,
  logger,
  onUnknown: ({ account: { email }, id, reason }) => print({ type: "unknown", email, id, reason }),
  onGap({ account: { email }, from, to }) {
    const [since, until] = [from?.getTime() ?? 0, to.getTime()];
    print({ type: "gap", email, from: since, to: until, at: Date.now() });
  },
});
