/**
 * `defineBot`: makes a bot from its definition.
 * @module
 */
import { Addressing } from "./command/addressing.ts";
import { helpCommand } from "./command/help_command.ts";
import { commandManifest } from "./command/manifest.ts";
import { Registry } from "./command/registry.ts";
import { deviceKey } from "./context/device_key.ts";
import type { AnyBotDefinition, BotDefinition, Used } from "./definition/definition.ts";
import { checkBot } from "./definition/shapes.ts";
import { FlowRunner } from "./flow/flow_runner.ts";
import { type Bot, createBot } from "./run/bot.ts";
import { Dispatcher } from "./run/dispatcher.ts";
import { BotDefinitionError } from "./text/definition_error.ts";

/**
 * Makes a bot from its definition. Each key of `commands` is a signature. Routing, parsing, the types
 * of `args`, help and the manifest are all derived from it.
 *
 * - Words name the command; several words make a subcommand: `todo add`.
 * - `<name>` is required, `[name]` is optional, `[name=x]` has a default.
 * - `<name:type>` gives a type: text (the default), int, number, bool, duration (milliseconds),
 *   email, url (`URL`), date (`Date`), or choices such as `dev|prod`.
 * - `<name...>` is the rest of the line as typed, `<name:type...>` is a list.
 * - `[--name]` is a switch, `[--name:type]` and `[--name:type=x]` are flags with a value.
 *
 * The bot gets `help` and `help <command>` unless it defines its own `help`. If you write middleware
 * inline, put `use` before `commands`, so that the types it adds are inferred first.
 *
 * The whole definition is checked: signatures, schedules and flows, and for code that the compiler does
 * not check, unknown keys and the shape of every object and value. `initial` of the session and `state`
 * of each flow are called once, because what they return must be storable.
 *
 * @throws {BotDefinitionError} The definition is invalid; the message points at the mistake.
 *
 * @example A bot with a typed command
 * ```ts
 * import { defineBot } from "@roomz/roomz/bot";
 *
 * export default defineBot({
 *   name: "helper",
 *   commands: {
 *     "ping": "pong",
 *     "roll [sides:int=6]": ({ args }) => `You rolled ${1 + Math.floor(Math.random() * args.sides)}`,
 *     "deploy <service> [--env:dev|prod=dev] [--dry-run]": {
 *       description: "Deploy a service",
 *       aliases: ["d"],
 *       async *run({ args }) {
 *         yield `Deploying ${args.service} to ${args.env}…`;
 *         if (!args.dryRun) yield "Done.";
 *       },
 *     },
 *   },
 * });
 * ```
 */
export function defineBot<
  const K extends string,
  const M extends readonly Used[] = readonly Used[],
  S extends object = never,
  F extends string = never,
>(definition: BotDefinition<K, M, S, F>): Bot;
export function defineBot(definition: AnyBotDefinition): Bot {
  try {
    return buildBot(definition);
  } catch (error) {
    // A stack trace holds ten frames; the one that matters is the caller's.
    if (error instanceof BotDefinitionError) Error.captureStackTrace(error, defineBot);
    throw error;
  }
}

function buildBot(definition: AnyBotDefinition): Bot {
  checkBot(definition);
  const { name } = definition;
  checkName(name);
  const prefixes = normalizePrefixes(definition.prefix);
  const addressing = new Addressing(name, prefixes);

  const registry = new Registry(name, definition, addressing);
  registry.addDefault(helpCommand(name, registry, addressing.call));

  const dispatcher = new Dispatcher({
    name,
    addressing,
    registry,
    flows: new FlowRunner(name, registry.flows),
    orderKey: definition.order === "channel" ? ({ id }) => id : deviceKey,
  });
  return createBot(
    { name, prefixes, commands: registry.commands.map(commandManifest) },
    dispatcher,
  );
}

/** The server's rules for display names (roomz 0.4.0), plus: no outer whitespace, which it strips. */
function checkName(name: string): void {
  const length = [...name].length;
  if (length < 1 || length > 50 || name !== name.trim() || /\p{Cc}/u.test(name)) {
    throw new BotDefinitionError({
      problem: "A bot's name is its display name: 1 to 50 characters, without control characters " +
        `or surrounding whitespace. Got ${JSON.stringify(name)}.`,
      path: "name",
    });
  }
}

function normalizePrefixes(prefix: string | readonly string[] = "!"): readonly string[] {
  const prefixes = typeof prefix === "string" ? [prefix] : [...prefix];
  const invalid = prefixes.find((text) => !/^\S+$/.test(text));
  if (invalid !== undefined) {
    throw new BotDefinitionError({
      problem: `A prefix must have at least one character and no whitespace. Got ${
        JSON.stringify(invalid)
      }. To react to messages without a prefix, use \`hears\`.`,
      path: "prefix",
    });
  }
  return prefixes;
}
