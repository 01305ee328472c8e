/**
 * The shape of a bot definition, and of the groups in it.
 * @module
 */
import type { DisplayNameChangedEvent, UserJoinedEvent, UserLeftEvent } from "../../client/mod.ts";
import type { Context, EventContext, FailureContext, HearsContext } from "../context/context.ts";
import type { AnyHandler, Handler } from "../context/handler.ts";
import type { Reply } from "../context/reply.ts";
import type { Flow, FlowState } from "../flow/flow.ts";
import type { AnyMiddleware, Guard, Middleware, StateOf } from "../middleware/middleware.ts";
import type { Schedule } from "../schedule/schedule.ts";
import type { AnySessionDefinition, SessionDefinition, SessionState } from "../session/session.ts";
import type { ArgsOf, NoSuchType, UnknownTypesIn } from "../signature/args_of.ts";

/** A command with more than a handler. */
export interface Command<C> {
  /** One line for the help: what the command does. */
  readonly description?: string;
  /** Other words that call the same command: `["ta", "todo new"]`. */
  readonly aliases?: readonly string[];
  /** Middleware of this command alone, inside that of its group and bot. */
  readonly use?: readonly Guard<C>[];
  /**
   * Asked before it runs, when its middleware has let it through: only "yes" within a minute runs it.
   * A function makes the question of the arguments.
   */
  readonly confirm?: string | ((ctx: C) => string);
  /** Run at once, and let later messages of the same device run meanwhile. Default: false. */
  readonly concurrent?: boolean;
  /** The reply, or what works it out. */
  readonly run: Handler<C>;
}

/**
 * What stands behind a signature: a fixed reply, a handler, or a {@linkcode Command}. Where the
 * signature names a type that does not exist, the type says so, and nothing fits it.
 */
export type CommandEntry<S extends string, State> = [UnknownTypesIn<ArgsOf<S>>] extends [never]
  ? Handler<Context<ArgsOf<S>, State>> | Command<Context<ArgsOf<S>, State>>
  : NoSuchType<UnknownTypesIn<ArgsOf<S>>>;

/** The events of the room that a bot can react to. */
export interface RoomEvents {
  /** Another connection of the account came. */
  user_joined: UserJoinedEvent;
  /** A connection of the account left. */
  user_left: UserLeftEvent;
  /** Another connection chose or cleared its display name. */
  display_name_changed: DisplayNameChangedEvent;
}

/** Handlers of the room's events. Middleware does not run around them. */
export type RoomHandlers<State = unknown> = {
  readonly [E in keyof RoomEvents]?: Handler<EventContext<RoomEvents[E]> & State>;
};

/** A pattern, and what happens when a message that calls no command matches it. */
export type Hears<State> = readonly [pattern: RegExp, handler: Handler<HearsContext<State>>];

/** Commands and reactions that share middleware and a place for their errors. */
export interface GroupDefinition<
  K extends string,
  M extends readonly Used[],
  S extends object = never,
  F extends string = never,
> {
  /**
   * Middleware around every command and `hears` here, the first outermost; and plug-ins, which bring
   * middleware and more.
   */
  readonly use?: M;
  /**
   * What the bot remembers from one message to the next. A group whose handlers use it names the same
   * object as the bot does.
   */
  readonly session?: SessionDefinition<S>;
  /** Conversations in steps, which a handler here starts by their names. */
  readonly flows?: { readonly [N in F]: Flow };
  /** Commands by their signatures. */
  readonly commands?: {
    readonly [P in K]: CommandEntry<P, StateOf<M> & SessionState<S> & FlowState<F>>;
  };
  /** More commands and reactions, inside the middleware of this one. */
  readonly groups?: readonly Group[];
  /** Reactions to what happens in the room. */
  readonly on?: RoomHandlers<SessionState<S>>;
  /**
   * Reactions to messages that call no command; the first pattern that matches counts. The end of
   * the text may be missing: see `ctx.message.maybeTruncated`.
   */
  readonly hears?: readonly Hears<StateOf<M> & SessionState<S> & FlowState<F>>[];
  /** What happens by the clock, each under a name of its own in the whole bot. */
  readonly schedule?: Readonly<Record<string, Schedule<SessionState<S>>>>;
  /**
   * What to reply when something here fails. The error is logged in any case. One that is thrown
   * from here goes on to the group or bot around.
   */
  readonly catch?: (error: unknown, ctx: FailureContext<StateOf<M>>) => Reply;
}

/** What `defineBot` takes. */
export interface BotDefinition<
  K extends string,
  M extends readonly Used[],
  S extends object = never,
  F extends string = never,
> extends GroupDefinition<K, M, S, F> {
  /** The bot's name, also its display name: 1 to 50 characters, no control characters. */
  readonly name: string;
  /**
   * What a message that calls a command starts with; several are allowed, and none (`[]`) as well:
   * `@name …` always works. Default: `"!"`.
   */
  readonly prefix?: string | readonly string[];
  /**
   * Whose messages wait for each other: those of one device (account and display name), or all of
   * the channel. Default: `"device"`.
   */
  readonly order?: "device" | "channel";
}

/** What `definePlugin` takes: a group with a name. */
export interface PluginDefinition<
  K extends string,
  M extends readonly Used[],
  S extends object = never,
  F extends string = never,
> extends GroupDefinition<K, M, S, F> {
  /** A name of its own among the plug-ins of a bot. */
  readonly name: string;
}

/** A plug-in: `definePlugin` makes it, `use` of a bot takes it. `Added` is what it adds to contexts. */
export interface Plugin<Added extends object = object> {
  /** Its name: what it remembers is kept under it. */
  readonly name: string;
  /** What it brings, with the types of its handlers forgotten. */
  readonly group: Group;
  /** Never there: its type tells which state the plug-in adds. */
  readonly "~added"?: Added;
}

/** What stands in `use` of a bot, a group or a plug-in. */
export type Used = Middleware | Plugin;

/** A group with the types of its handlers forgotten, as a bot takes it. */
export interface Group {
  /** See {@linkcode GroupDefinition.use}. */
  readonly use?: readonly (AnyMiddleware | Plugin)[];
  /** See {@linkcode GroupDefinition.session}. */
  readonly session?: AnySessionDefinition;
  /** See {@linkcode GroupDefinition.flows}. */
  readonly flows?: Readonly<Record<string, Flow>>;
  /** See {@linkcode GroupDefinition.commands}. */
  readonly commands?: Readonly<Record<string, AnyCommandEntry>>;
  /** See {@linkcode GroupDefinition.groups}. */
  readonly groups?: readonly Group[];
  /** See {@linkcode GroupDefinition.on}. */
  readonly on?: { readonly [E in keyof RoomEvents]?: AnyHandler };
  /** See {@linkcode GroupDefinition.hears}. */
  readonly hears?: readonly (readonly [RegExp, AnyHandler])[];
  /** See {@linkcode GroupDefinition.schedule}. */
  readonly schedule?: Readonly<Record<string, Schedule<never>>>;
  /** See {@linkcode GroupDefinition.catch}. */
  readonly catch?: (error: unknown, ctx: never) => Reply;
}

/** A command whose context's type is forgotten. */
export type AnyCommandEntry = AnyHandler | Command<never>;

/** A bot definition with the types of its handlers forgotten. */
export interface AnyBotDefinition extends Group {
  /** See {@linkcode BotDefinition.name}. */
  readonly name: string;
  /** See {@linkcode BotDefinition.prefix}. */
  readonly prefix?: string | readonly string[];
  /** See {@linkcode BotDefinition.order}. */
  readonly order?: "device" | "channel";
}
