/**
 * Reads a bot definition with all its groups: every command, pattern and reaction, tied to its
 * scope. What is wrong in the definition is found here.
 * @module
 */
import { BotDefinitionError } from "./bot_definition_error.ts";
import { bindCommand, type BoundCommand } from "./bound_command.ts";
import { bindFlow, type BoundFlow } from "./bound_flow.ts";
import type { BoundSession } from "./bound_session.ts";
import { CommandTree, type Route } from "./command_tree.ts";
import type { AnyHandler, Group, RoomEvents } from "./definition.ts";
import { Scope } from "./scope.ts";
import { parseAlias, parseSignature } from "./signature_parser.ts";

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
  readonly #tree = new CommandTree<RegistryEntry>();
  readonly #session: BoundSession | undefined;

  /** `session` is the bot's. */
  constructor(session?: BoundSession) {
    this.#session = session;
  }

  /** Adds a group with the groups in it; `path` is `"groups[0]."`, or empty for the bot itself. */
  addGroup(group: Group, scope: Scope, path: string): void {
    for (const [signature, entry] of Object.entries(group.commands ?? {})) {
      const place = `${path}commands[${JSON.stringify(signature)}]`;
      this.#add(bindCommand(parseSignature(signature, place), entry, scope), signature, place);
    }
    for (const [pattern, handler] of group.hears ?? []) {
      // With the flags g and y a pattern remembers where its last match was.
      const stateless = new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ""));
      this.hears.push({ pattern: stateless, handler, scope });
    }
    for (const [name, flow] of Object.entries(group.flows ?? {})) {
      this.#addFlow(bindFlow(name, flow, scope, `${path}flows.${name}`), `${path}flows.${name}`);
    }
    const { user_joined, user_left, display_name_changed } = group.on ?? {};
    this.#react("user_joined", user_joined, scope);
    this.#react("user_left", user_left, scope);
    this.#react("display_name_changed", display_name_changed, scope);
    for (const [index, inner] of (group.groups ?? []).entries()) {
      const place = `${path}groups[${index}].`;
      const session = this.#sessionOf(inner, place);
      this.addGroup(inner, new Scope(scope, inner.use, inner.catch, session), place);
    }
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

  #addFlow(flow: BoundFlow, path: string): void {
    if (this.flows.has(flow.name)) {
      throw new BotDefinitionError({ problem: "Another flow has this name already.", path });
    }
    this.flows.set(flow.name, flow);
  }

  /** The bot's session, where the group declares it. */
  #sessionOf({ session }: Group, path: string): BoundSession | undefined {
    if (session === undefined) return undefined;
    if (session === this.#session?.definition) return this.#session;
    throw new BotDefinitionError({
      problem:
        "A bot has one session: a group that uses it names the same object as the bot does. " +
        "Put the definition in a constant, and name that in both.",
      path: `${path}session`,
    });
  }

  #add(command: BoundCommand, source: string, path: string): void {
    this.#claim(command.signature.words, { command, path }, source, path);
    for (const [index, alias] of command.aliases.entries()) {
      const place = `${path}.aliases[${index}]`;
      this.#claim(parseAlias(alias, place), { command, path: place }, alias, place);
    }
    this.commands.push(command);
  }

  /** Gives the words to a command, unless another has them. */
  #claim(words: readonly string[], entry: RegistryEntry, source: string, path: string): void {
    const holder = this.#tree.add(words, entry);
    if (holder === undefined) return;
    const position = source.search(/\S/);
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
