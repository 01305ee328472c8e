/**
 * The types of bot definitions, and of the groups and plug-ins in them.
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

/** A command as an object: a handler with a description, aliases or options. */
export interface Command<C> {
  /** What the command does: one line for the help. */
  readonly description?: string;
  /** Alternative words for the command: `["ta", "todo new"]`. */
  readonly aliases?: readonly string[];
  /** Middleware around this command only, inside that of its group and bot. */
  readonly use?: readonly Guard<C>[];
  /**
   * A question to ask before the command runs, after its middleware. The command runs only if the
   * answer is "yes", within a minute. A function makes the question from the context.
   */
  readonly confirm?: ConfirmQuestion<C> | Confirmation<C>;
  /** Run at once, without waiting for the device's other messages or blocking them. Default: false. */
  readonly concurrent?: boolean;
  /** The reply, or the handler that returns it. */
  readonly run: Handler<C>;
}

/** The question of `confirm`, or a function that makes it. */
export type ConfirmQuestion<C> = string | ((ctx: C) => string);

/**
 * A question to ask before a command runs, and who must answer it.
 *
 * @example A deployment that the phone confirms
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { defineBot } from "@roomz/roomz/bot";
 * import { testBot } from "@roomz/roomz/testing";
 *
 * const bot = defineBot({
 *   name: "deployer",
 *   commands: {
 *     "deploy": { confirm: { question: "Deploy to prod?", from: "phone" }, run: "Deployed." },
 *   },
 * });
 * await using room = await testBot(bot);
 * assertEquals(await room.device("ci").say("!deploy"), ["Deploy to prod? (yes|no) [n6a]"]);
 * assertEquals(await room.device("ci").say("yes"), []);
 * assertEquals(await room.device("phone").say("yes"), ["Deployed."]);
 * ```
 */
export interface Confirmation<C> {
  /** The question, or a function that makes it from the context. */
  readonly question: ConfirmQuestion<C>;
  /**
   * The display name of the device that must answer, ignoring case. Default: the device that called
   * the command. This is a filter, not security: every connection chooses its own display name.
   */
  readonly from?: string;
}

/**
 * The value for a signature: a fixed reply, a handler, or a {@linkcode Command}. If the signature has
 * an unknown type, this is a type that names it and that no value matches.
 */
export type CommandEntry<S extends string, State> = [UnknownTypesIn<ArgsOf<S>>] extends [never]
  ? Handler<Context<ArgsOf<S>, State>> | Command<Context<ArgsOf<S>, State>>
  : NoSuchType<UnknownTypesIn<ArgsOf<S>>>;

/** The room events that a bot can handle. */
export interface RoomEvents {
  /** Another connection of the account joined. */
  user_joined: UserJoinedEvent;
  /** A connection of the account left. */
  user_left: UserLeftEvent;
  /** Another connection set or cleared its display name. */
  display_name_changed: DisplayNameChangedEvent;
}

/** Handlers of room events. Middleware does not run around them. */
export type RoomHandlers<State = unknown> = {
  readonly [E in keyof RoomEvents]?: Handler<EventContext<RoomEvents[E]> & State>;
};

/** A pattern, and the handler of messages that match it and call no command. */
export type Hears<State> = readonly [pattern: RegExp, handler: Handler<HearsContext<State>>];

/** Commands and other handlers that share middleware and error handling. */
export interface GroupDefinition<
  K extends string,
  M extends readonly Used[],
  S extends object = never,
  F extends string = never,
> {
  /**
   * Middleware around every command and `hears` of the group, the first outermost; and plug-ins,
   * which have middleware and more.
   */
  readonly use?: M;
  /**
   * What the bot remembers between messages. A group whose handlers use the session must have the same
   * object as the bot.
   */
  readonly session?: SessionDefinition<S>;
  /** Conversations in steps; handlers of the group start them by name. */
  readonly flows?: { readonly [N in F]: Flow };
  /** Commands, by signature. */
  readonly commands?: {
    readonly [P in K]: CommandEntry<P, StateOf<M> & SessionState<S> & FlowState<F>>;
  };
  /** Groups inside this one's middleware. */
  readonly groups?: readonly Group[];
  /** Handlers of room events. */
  readonly on?: RoomHandlers<SessionState<S>>;
  /**
   * Handlers of messages that call no command; the first matching pattern is used. The end of the
   * message may be missing: see `ctx.message.maybeTruncated`.
   */
  readonly hears?: readonly Hears<StateOf<M> & SessionState<S> & FlowState<F>>[];
  /** What the bot does at set times; names must be unique in the bot. */
  readonly schedule?: Readonly<Record<string, Schedule<SessionState<S>>>>;
  /**
   * Handles errors of the group's handlers and middleware, and returns the reply. The error is logged
   * as well. If `catch` throws, the enclosing group or the bot handles that error.
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
  /** The bot's name and display name: 1 to 50 characters, without control characters. */
  readonly name: string;
  /**
   * What commands start with: one prefix, several, or none (`[]`). `@name …` always works. Default:
   * `"!"`.
   */
  readonly prefix?: string | readonly string[];
  /**
   * Which messages are handled in order: those of the same device (account and display name), or all
   * of the channel. Default: `"device"`.
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
  /** A name, unique among the plug-ins of a bot. */
  readonly name: string;
}

/** A plug-in, made by `definePlugin`, for `use`. `Added` is the state that it adds to contexts. */
export interface Plugin<Added extends object = object> {
  /** Its name: its session is stored under it. */
  readonly name: string;
  /** Its contents, with the types of handlers erased. */
  readonly group: Group;
  /** Never set: carries the type of the state that the plug-in adds. */
  readonly "~added"?: Added;
}

/** An element of `use`. */
export type Used = Middleware | Plugin;

/** A group with the types of its handlers erased, as in `groups` of a bot. */
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

/** A command with the type of its context erased. */
export type AnyCommandEntry = AnyHandler | Command<never>;

/** A bot definition with the types of its handlers erased. */
export interface AnyBotDefinition extends Group {
  /** See {@linkcode BotDefinition.name}. */
  readonly name: string;
  /** See {@linkcode BotDefinition.prefix}. */
  readonly prefix?: string | readonly string[];
  /** See {@linkcode BotDefinition.order}. */
  readonly order?: "device" | "channel";
}
