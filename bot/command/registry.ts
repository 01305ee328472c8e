/**
 * Reads a bot definition with all its groups: every command, pattern and reaction, tied to its
 * scope. What is wrong in the definition is found here.
 * @module
 */
import type { AnyHandler } from "../context/handler.ts";
import type { Group, Plugin, RoomEvents } from "../definition/definition.ts";
import { bindFlow, type BoundFlow } from "../flow/bound_flow.ts";
import { Scope } from "../handler/scope.ts";
import type { AnyMiddleware } from "../middleware/middleware.ts";
import { bindSchedule, type BoundSchedule } from "../schedule/bound_schedule.ts";
import { BoundSession } from "../session/loaded_session.ts";
import type { AnySessionDefinition } from "../session/session.ts";
import { parseAlias, parseSignature } from "../signature/signature_parser.ts";
import { BotDefinitionError } from "../text/definition_error.ts";
import type { Addressing } from "./addressing.ts";
import { bindCommand, type BoundCommand } from "./bound_command.ts";
import { CommandTree, type Route } from "./command_tree.ts";

/** A pattern with its handler, tied to its scope. */
export interface BoundHears {
  readonly pattern: RegExp;
  readonly handler: AnyHandler;
  readonly scope: Scope;
}

/** A reaction to an event of the room, tied to its scope. */
export interface BoundReaction {
  readonly event: keyof RoomEvents;
  readonly handler: AnyHandler;
  readonly scope: Scope;
}

/** Who has the words of a command: the command, and where it was defined. */
export interface RegistryEntry {
  readonly command: BoundCommand;
  readonly path: string;
}

/** Where in the definition a group is, and what its handlers run in. */
interface GroupPosition {
  /** What its handlers run in. */
  readonly scope: Scope;
  /** The session of the bot or plug-in that it belongs to. */
  readonly session: BoundSession | undefined;
  /** `"groups[0]."`, or empty for the bot itself. */
  readonly path: string;
}

/** All that a bot reacts to. */
export class Registry {
  /** The commands, in order of definition. */
  readonly commands: BoundCommand[] = [];
  /** The patterns, in order of definition. */
  readonly hears: BoundHears[] = [];
  /** The reactions to events, in order of definition. */
  readonly reactions: BoundReaction[] = [];
  /** The flows by their names. */
  readonly flows = new Map<string, BoundFlow>();
  /** What happens by the clock, in order of definition. */
  readonly schedules: BoundSchedule[] = [];
  /** The bot's own scope. */
  readonly scope: Scope;
  readonly #bot: string;
  readonly #addressing: Addressing;
  readonly #tree = new CommandTree<RegistryEntry>();
  readonly #plugins = new Set<string>();

  /**
   * Reads the definition of the bot of that name, which is called as `addressing` says.
   * @throws {BotDefinitionError} Something in it is wrong.
   */
  constructor(bot: string, definition: Group, addressing: Addressing) {
    this.#bot = bot;
    this.#addressing = addressing;
    const session = definition.session && new BoundSession([bot], definition.session, "session");
    this.scope = scopeOf(definition, undefined, session);
    this.#addGroup(definition, { scope: this.scope, session, path: "" });
  }

  /** Adds a command that the bot has unless it defines its own. */
  addDefault(command: BoundCommand): void {
    if (this.#tree.add(command.signature.words, { command, path: "" }) === undefined) {
      this.commands.push(command);
    }
  }

  /** The command that a line calls. */
  find(line: string, position: number): Route<RegistryEntry> {
    return this.#tree.find(line, position);
  }

  /** Adds what is in a group, and the groups and plug-ins in it. */
  #addGroup(group: Group, at: GroupPosition): void {
    const { scope, path } = at;
    for (const [signature, entry] of Object.entries(group.commands ?? {})) {
      const commandPath = `${path}commands[${JSON.stringify(signature)}]`;
      this.#addCommand(bindCommand(parseSignature(signature, commandPath), entry, scope), {
        source: signature,
        path: commandPath,
      });
    }
    for (const [pattern, handler] of group.hears ?? []) {
      // With the flags g and y a pattern remembers where its last match was.
      const stateless = new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ""));
      this.hears.push({ pattern: stateless, handler, scope });
    }
    for (const [name, flow] of Object.entries(group.flows ?? {})) {
      const flowPath = `${path}flows.${name}`;
      const session = sessionOf(flow, { ...at, path: `${flowPath}.` });
      this.#addFlow(bindFlow(name, flow, scope, session, flowPath), flowPath);
    }
    for (const [name, schedule] of Object.entries(group.schedule ?? {})) {
      const schedulePath = `${path}schedule.${name}`;
      this.#addSchedule(bindSchedule(name, schedule, scope, schedulePath), schedulePath);
    }
    const { user_joined, user_left, display_name_changed } = group.on ?? {};
    this.#react("user_joined", user_joined, scope);
    this.#react("user_left", user_left, scope);
    this.#react("display_name_changed", display_name_changed, scope);
    for (const [index, inner] of (group.groups ?? []).entries()) {
      const inside = { ...at, path: `${path}groups[${index}].` };
      this.#addGroup(inner, { ...inside, scope: scopeOf(inner, scope, sessionOf(inner, inside)) });
    }
    for (const [index, used] of (group.use ?? []).entries()) {
      if (typeof used !== "function") this.#addPlugin(used, scope, `${path}use[${index}]`);
    }
  }

  /** Adds what a plug-in brings; its middleware is in the scope that it is used in. */
  #addPlugin({ name, group }: Plugin, around: Scope, path: string): void {
    if (name.trim() === "") {
      throw new BotDefinitionError({ problem: "A plug-in has a name.", path });
    }
    if (this.#plugins.has(name)) {
      const problem = `The bot uses a plug-in named "${name}" already.`;
      throw new BotDefinitionError({ problem, path });
    }
    this.#plugins.add(name);
    const pluginPath = `${path} (plug-in "${name}"): `;
    const session = group.session &&
      new BoundSession([this.#bot, "plugin", name], group.session, `${pluginPath}session`);
    const scope = new Scope(around, [], group.catch, session);
    this.#addGroup(group, { scope, session, path: pluginPath });
  }

  #addFlow(flow: BoundFlow, path: string): void {
    if (this.flows.has(flow.name)) {
      throw new BotDefinitionError({ problem: "Another flow has this name already.", path });
    }
    this.flows.set(flow.name, flow);
  }

  #addSchedule(schedule: BoundSchedule, path: string): void {
    if (this.schedules.some(({ name }) => name === schedule.name)) {
      throw new BotDefinitionError({ problem: "Another schedule has this name already.", path });
    }
    this.schedules.push(schedule);
  }

  #addCommand(command: BoundCommand, { source, path }: { source: string; path: string }): void {
    this.#claim(command.signature.words, { command, path }, source, path);
    for (const [index, alias] of command.aliases.entries()) {
      const aliasPath = `${path}.aliases[${index}]`;
      this.#claim(parseAlias(alias, aliasPath), { command, path: aliasPath }, alias, aliasPath);
    }
    this.commands.push(command);
  }

  /** Gives the words to a command, unless another has them. */
  #claim(words: readonly string[], entry: RegistryEntry, source: string, path: string): void {
    const position = source.search(/\S/);
    const [first = ""] = words;
    const address = this.#addressing.find(first);
    if (address?.certain) {
      const word = first.slice(address.position);
      throw new BotDefinitionError({
        problem: `The prefix is no part of a command's words: write "${word}".`,
        path,
        source,
        position,
        length: address.position,
      });
    }
    const holder = this.#tree.add(words, entry);
    if (holder === undefined) return;
    const last = words.at(-1) ?? "";
    throw new BotDefinitionError({
      problem: `The words "${words.join(" ")}" call another command already, in ${holder.path}.`,
      path,
      source,
      position,
      length: source.indexOf(last, position) + last.length - position,
    });
  }

  #react(event: keyof RoomEvents, handler: AnyHandler | undefined, scope: Scope): void {
    if (handler !== undefined) this.reactions.push({ event, handler, scope });
  }
}

/** The session that a group or flow has: that of its bot or plug-in, where it names the same object. */
function sessionOf(
  { session }: { readonly session?: AnySessionDefinition },
  { session: own, path }: GroupPosition,
): BoundSession | undefined {
  if (session === undefined) return undefined;
  if (session === own?.definition) return own;
  throw new BotDefinitionError({
    problem:
      "A bot has one session: a group or flow that uses it names the same object as the bot does, one " +
      "in a plug-in the same as the plug-in. Put the definition in a constant, and name that in both.",
    path: `${path}session`,
  });
}

function scopeOf(
  group: Group,
  parent: Scope | undefined,
  session: BoundSession | undefined,
): Scope {
  return new Scope(parent, middlewareIn(group), group.catch, session);
}

/** The middleware of a group, that of its plug-ins in their places. */
function middlewareIn({ use = [] }: Group): readonly AnyMiddleware[] {
  return use.flatMap((used) => typeof used === "function" ? [used] : middlewareIn(used.group));
}
