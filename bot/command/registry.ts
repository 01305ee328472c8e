/**
 * Reads a bot definition with all its groups and plug-ins, checks it, and binds every command,
 * pattern, event handler, flow and schedule to its scope.
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
import { element, member } from "../text/shape.ts";
import type { Addressing } from "./addressing.ts";
import { bindCommand, type BoundCommand } from "./bound_command.ts";
import { CommandTree, type Route } from "./command_tree.ts";

/** A `hears` pattern with its handler, bound to its scope. */
export interface BoundHears {
  readonly pattern: RegExp;
  readonly handler: AnyHandler;
  readonly scope: Scope;
}

/** A handler of a room event, bound to its scope. */
export interface BoundEventHandler {
  readonly event: keyof RoomEvents;
  readonly handler: AnyHandler;
  readonly scope: Scope;
}

/** A command, and the path in the definition that gives it its words. */
export interface RegistryEntry {
  readonly command: BoundCommand;
  readonly path: string;
}

/** The position of a group in the definition. */
interface GroupPosition {
  readonly scope: Scope;
  /** The session of the bot or plug-in that contains the group. */
  readonly session: BoundSession | undefined;
  /** Its path, `"groups[0]."`; empty for the bot itself. */
  readonly path: string;
}

/** Everything that a bot reacts to. */
export class Registry {
  /** In order of definition, like all lists here. */
  readonly commands: BoundCommand[] = [];
  readonly hears: BoundHears[] = [];
  readonly eventHandlers: BoundEventHandler[] = [];
  /** The flows, by name. */
  readonly flows = new Map<string, BoundFlow>();
  readonly schedules: BoundSchedule[] = [];
  /** The scope of the bot itself. */
  readonly scope: Scope;
  readonly #bot: string;
  readonly #addressing: Addressing;
  readonly #tree = new CommandTree<RegistryEntry>();
  readonly #plugins = new Set<string>();

  /**
   * Reads the definition of the bot named `bot`.
   * @throws {BotDefinitionError} The definition is invalid.
   */
  constructor(bot: string, definition: Group, addressing: Addressing) {
    this.#bot = bot;
    this.#addressing = addressing;
    const session = definition.session && new BoundSession([bot], definition.session, "session");
    this.scope = scopeOf(definition, undefined, session);
    this.#addGroup(definition, { scope: this.scope, session, path: "" });
  }

  /** Adds a command, unless the definition has one with the same words. */
  addDefault(command: BoundCommand): void {
    if (this.#tree.add(command.signature.words, { command, path: "" }) === undefined) {
      this.commands.push(command);
    }
  }

  /** Finds the command that a line calls. */
  find(line: string, position: number): Route<RegistryEntry> {
    return this.#tree.find(line, position);
  }

  /** Adds the contents of a group, including its groups and plug-ins. */
  #addGroup(group: Group, at: GroupPosition): void {
    const { scope, path } = at;
    for (const [signature, entry] of Object.entries(group.commands ?? {})) {
      const commandPath = `${path}commands${element(signature)}`;
      this.#addCommand(
        bindCommand(parseSignature(signature, commandPath), entry, scope, commandPath),
        {
          source: signature,
          path: commandPath,
        },
      );
    }
    for (const [pattern, handler] of group.hears ?? []) {
      // With the flags g or y, a pattern would start at the end of its last match.
      const stateless = new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ""));
      this.hears.push({ pattern: stateless, handler, scope });
    }
    for (const [name, flow] of Object.entries(group.flows ?? {})) {
      const flowPath = `${path}flows${member(name)}`;
      const session = sessionOf(flow, { ...at, path: `${flowPath}.` });
      this.#addFlow(bindFlow(name, flow, scope, session, flowPath), flowPath);
    }
    for (const [name, schedule] of Object.entries(group.schedule ?? {})) {
      const schedulePath = `${path}schedule${member(name)}`;
      this.#addSchedule(bindSchedule(name, schedule, scope, schedulePath), schedulePath);
    }
    const { user_joined, user_left, display_name_changed } = group.on ?? {};
    this.#addEventHandler("user_joined", user_joined, scope);
    this.#addEventHandler("user_left", user_left, scope);
    this.#addEventHandler("display_name_changed", display_name_changed, scope);
    for (const [index, inner] of (group.groups ?? []).entries()) {
      const inside = { ...at, path: `${path}groups[${index}].` };
      this.#addGroup(inner, { ...inside, scope: scopeOf(inner, scope, sessionOf(inner, inside)) });
    }
    for (const [index, used] of (group.use ?? []).entries()) {
      if (typeof used !== "function") this.#addPlugin(used, scope, `${path}use[${index}]`);
    }
  }

  /** Adds the contents of a plug-in. Its middleware is already in the scope around it. */
  #addPlugin({ name, group }: Plugin, around: Scope, path: string): void {
    if (name.trim() === "") {
      throw new BotDefinitionError({ problem: "A plug-in must have a name.", path });
    }
    if (this.#plugins.has(name)) {
      const problem =
        `The bot already uses a plug-in named "${name}". List each plug-in once, or rename one.`;
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
      throw new BotDefinitionError({
        problem: "There is already a flow with this name. Rename one of them.",
        path,
      });
    }
    this.flows.set(flow.name, flow);
  }

  #addSchedule(schedule: BoundSchedule, path: string): void {
    if (this.schedules.some(({ name }) => name === schedule.name)) {
      throw new BotDefinitionError({
        problem: "There is already a schedule with this name. Rename one of them.",
        path,
      });
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

  /** Assigns words to a command. */
  #claim(words: readonly string[], entry: RegistryEntry, source: string, path: string): void {
    const position = source.search(/\S/);
    const [first = ""] = words;
    const address = this.#addressing.find(first);
    if (address?.certain) {
      const word = first.slice(address.position);
      throw new BotDefinitionError({
        problem: `Do not include the prefix in a command's words: write "${word}".`,
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
      problem: `Another command, in ${holder.path}, already uses the words "${
        words.join(" ")
      }". Change one of them.`,
      path,
      source,
      position,
      length: source.indexOf(last, position) + last.length - position,
    });
  }

  #addEventHandler(event: keyof RoomEvents, handler: AnyHandler | undefined, scope: Scope): void {
    if (handler !== undefined) this.eventHandlers.push({ event, handler, scope });
  }
}

/** The session of a group or flow: the one of its bot or plug-in, which must be the same object. */
function sessionOf(
  { session }: { readonly session?: AnySessionDefinition },
  { session: own, path }: GroupPosition,
): BoundSession | undefined {
  if (session === undefined) return undefined;
  if (session === own?.definition) return own;
  throw new BotDefinitionError({
    problem:
      "A bot has one session, and so has each plug-in: a group or flow inside must use the same " +
      "object. Put the definition in a constant, and use the constant in both.",
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

/** The middleware of a group, with that of its plug-ins in order. */
function middlewareIn({ use = [] }: Group): readonly AnyMiddleware[] {
  return use.flatMap((used) => typeof used === "function" ? [used] : middlewareIn(used.group));
}
