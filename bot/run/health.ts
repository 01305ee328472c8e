/**
 * Whether a running bot is connected, for health checks.
 * @module
 */
import { ConfigurationError, type ConnectionState } from "../../client/mod.ts";
import type { BotClient } from "../context/bot_client.ts";
import type { Clock } from "../context/clock.ts";

/** What a health check answers. It contains no text from the room or the server, and no secret. */
export interface HealthReport {
  /** Whether the bot is connected, or lost its connection less than `grace` ago. */
  readonly healthy: boolean;
  /** The state of the bot's connection. */
  readonly state: ConnectionState;
  /** How long ago the connection was lost, in milliseconds; only while reconnecting. */
  readonly lostFor?: number;
  /** The same in words, for people: `connection lost 12 s ago, reconnecting`. */
  readonly text: string;
}

/** The options of a {@linkcode BotHealth}. */
export interface BotHealthOptions {
  /** How long a lost connection counts as healthy, in milliseconds. Default: 60,000. */
  readonly grace?: number;
}

/**
 * The health of one bot: pass it to `runBot`, and ask it from a health check, such as the one of a
 * container or a load balancer.
 *
 * @example Answer health checks over HTTP
 * ```ts
 * import { BotHealth, defineBot, runBot } from "@roomz/roomz/bot";
 *
 * const health = new BotHealth();
 * const respond = () => {
 *   const { healthy, text } = health.report();
 *   return new Response(`${text}\n`, { status: healthy ? 200 : 503 });
 * };
 * if (respond().status !== 503) throw new Error("The bot does not run yet.");
 *
 * async function serve(server: string, token: string): Promise<void> {
 *   const bot = defineBot({ name: "helper", commands: { "ping": "pong" } });
 *   Deno.serve({ hostname: "127.0.0.1", port: 8081 }, respond);
 *   await runBot(bot, { server, token, health, standalone: true });
 * }
 * ```
 */
export class BotHealth {
  readonly #grace: number;
  #observed: { readonly client: BotClient; readonly clock: Pick<Clock, "monotonic"> } | undefined;
  #lostAt: number | undefined;

  /**
   * The health of a bot that does not run yet.
   * @throws {ConfigurationError} `grace` is not a number, or is negative.
   */
  constructor({ grace = 60_000 }: BotHealthOptions = {}) {
    if (!(grace >= 0)) {
      throw new ConfigurationError('The option "grace" must be milliseconds, 0 or more.');
    }
    this.#grace = grace;
  }

  /** The health now. Before the bot runs and after it has ended, it is not healthy. */
  report(): HealthReport {
    const state = this.#observed?.client.connectionState ?? "disconnected";
    if (state === "connected") return { healthy: true, state, text: "connected" };
    if (this.#observed === undefined || this.#lostAt === undefined || state !== "reconnecting") {
      return { healthy: false, state, text: "not connected" };
    }
    const lostFor = this.#observed.clock.monotonic() - this.#lostAt;
    const text = `connection lost ${Math.floor(lostFor / 1_000)} s ago, reconnecting`;
    return { healthy: lostFor < this.#grace, state, lostFor, text };
  }

  /**
   * Follows a client's connection, until the returned function is called. `runBot` does this; call it
   * only for a client that no bot runs on.
   */
  observe(client: BotClient, clock: Pick<Clock, "monotonic">): () => void {
    const observed = { client, clock };
    const onChange = (): void => {
      if (client.connectionState !== "reconnecting") this.#lostAt = undefined;
      else this.#lostAt ??= clock.monotonic();
    };
    this.#observed = observed;
    onChange();
    client.on("connection_state_changed", onChange);
    return () => {
      client.off("connection_state_changed", onChange);
      // A newer run of the bot may have started before this one has ended.
      if (this.#observed === observed) this.#observed = undefined;
    };
  }
}
