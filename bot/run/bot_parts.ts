/**
 * The parts of a bot that its plans are made of.
 * @module
 */
import type { User } from "../../client/mod.ts";
import type { Addressing } from "../command/addressing.ts";
import type { Registry } from "../command/registry.ts";
import type { FlowRunner } from "../flow/flow_runner.ts";

/** What `defineBot` makes of a definition. It is the same in every run of the bot. */
export interface BotParts {
  /** The bot's name, for the log. */
  readonly name: string;
  readonly addressing: Addressing;
  readonly registry: Registry;
  readonly flows: FlowRunner;
  /** The order key of a sender: plans with the same key run in order. */
  readonly orderKey: (user: User) => string;
}
