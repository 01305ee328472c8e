/**
 * `defineBot`: makes a bot of a declaration.
 * @module
 */
import { Addressing } from "./command/addressing.ts";
import { helpCommand } from "./command/help_command.ts";
import { commandManifest } from "./command/manifest.ts";
import { Registry } from "./command/registry.ts";
import { deviceKey } from "./context/device_key.ts";
import type { AnyBotDefinition, BotDefinition, Used } from "./definition/definition.ts";
import { FlowRunner } from "./flow/flow_runner.ts";
import { type Bot, createBot } from "./run/bot.ts";
import { Dispatcher } from "./run/dispatcher.ts";
import { BotDefinitionError } from "./text/definition_error.ts";

/**
 * Makes a bot of a declaration. Each key of `commands` is a signature, and the signature is the
 * schema: routing, parsing, the types of `args`, help and the manifest all come from it.
 *
 * - Words call the command, several of them a subcommand: `todo add`.
 * - `<name>` is required, `[name]` may be left out, `[name=x]` has a default.
 * - `<name:type>` gives a type: text (the default), int, number, bool, duration (milliseconds),
 *   email, url (`URL`), date (`Date`), or choices such as `dev|prod`.
 * - `<name...>` is the rest of the line as it was typed, `<name:type...>` a list.
 * - `[--name]` is a switch, `[--name:type]` and `[--name:type=x]` are flags with a value.
 *
 * The bot gets `help` and `help <command>`, unless it defines its own `help`. Write middleware that
 * adds typed state before `commands` when it stands in the declaration itself.
 *
 * @throws {BotDefinitionError} Something in the declaration is wrong; the message points at it.
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
    return botOf(definition);
  } catch (error) {
    // A trace ends after ten places, and what matters is where the bot is defined.
    if (error instanceof BotDefinitionError) Error.captureStackTrace(error, defineBot);
    throw error;
  }
}

function botOf(definition: AnyBotDefinition): Bot {
  const { name } = definition;
  checkName(name);
  const prefixes = prefixesOf(definition.prefix);
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

/** The server's rules for display names (roomz 0.4.0), and no outer white space, which it strips. */
function checkName(name: string): void {
  const length = [...name].length;
  if (length < 1 || length > 50 || name !== name.trim() || /\p{Cc}/u.test(name)) {
    throw new BotDefinitionError({
      problem: "A bot's name is its display name: 1 to 50 characters, no control characters, no " +
        `white space around it. This is ${JSON.stringify(name)}.`,
      path: "name",
    });
  }
}

function prefixesOf(prefix: string | readonly string[] = "!"): readonly string[] {
  const prefixes = typeof prefix === "string" ? [prefix] : [...prefix];
  const wrong = prefixes.find((text) => !/^\S+$/.test(text));
  if (wrong !== undefined) {
    throw new BotDefinitionError({
      problem: `A prefix is at least one character, without white space. This is ${
        JSON.stringify(wrong)
      }. For messages without any prefix use \`hears\`.`,
      path: "prefix",
    });
  }
  return prefixes;
}
