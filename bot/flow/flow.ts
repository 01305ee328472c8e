/**
 * `flow`: a conversation in steps that survives a restart of the bot.
 * @module
 */
import type { RoomContext } from "../context/context.ts";
import type { Reply } from "../context/reply.ts";
import type {
  AnySessionDefinition,
  SessionDefinition,
  SessionState,
  SessionView,
} from "../session/session.ts";
import type { ValueOf } from "../signature/args_of.ts";
import type { Duration } from "../signature/duration.ts";

/** The name of a step: its key without the type. */
export type StepName<K extends string> = K extends `${infer Name}:${string}` ? Name : K;

/** The type of a step's answer, from its key: `"age:int"` gives a number, `"name"` a string. */
export type StepAnswer<K extends string> = K extends `${string}:${infer T}` ? ValueOf<T> : string;

/** Where a flow goes after a step: to the next step, unless the step returns something else. */
export type Outcome<Names extends string> =
  | void
  /** Go to another step. */
  | { readonly goto: Names }
  /** End the flow with this message, without `done`. */
  | { readonly end: string };

/** Where a flow goes after an answer. */
export type AnswerOutcome<Names extends string> =
  | Outcome<Names>
  /** Send this message and wait for another answer; the state is not changed. */
  | { readonly again: string };

/** A step that asks a question and waits for the answer. `D` is the flow's session, if it has one. */
export interface QuestionStep<
  S extends object,
  Answer,
  Names extends string,
  D extends object = never,
> {
  /**
   * The question, or a function that makes it from the state and the session. It may be sent twice if
   * the bot ends while sending it.
   */
  readonly ask: string | ((state: S, context: SessionView<D>) => string);
  /** The reply to an answer that does not match the type. Default: an explanation. */
  readonly retry?: string;
  /**
   * Puts the answer into the state, in place, and returns where to go. The change takes effect exactly
   * once per answer. It must have no other side effects, because the bot may end before the new state
   * is stored: it can read the session, but not change it.
   */
  readonly next?: (
    step: { readonly state: S; readonly answer: Answer } & SessionView<D>,
  ) => AnswerOutcome<Names>;
}

/** A step that does something without asking. */
export interface WorkStep<S extends object, Names extends string, D extends object = never> {
  /**
   * Does the work, changes the state in place, and returns where to go. It runs at least once: if the
   * bot ends before the new state is stored, it runs again after the restart, with the same `key`. If
   * it throws, it is retried at the device's next message and at the bot's next start. Changes to the
   * session are stored before the state.
   */
  readonly run: (
    ctx: FlowContext<S> & SessionState<D>,
  ) => Outcome<Names> | Promise<Outcome<Names>>;
}

/** The context of `run` and `done`. */
export interface FlowContext<S extends object> extends RoomContext {
  /** The state of the flow. */
  readonly state: S;
  /**
   * An idempotency key: the same whenever this step of this run of the flow is repeated, and unique
   * otherwise.
   */
  readonly key: string;
}

/** The progress of a flow that was started with an earlier version of its definition. */
export interface OldProgress {
  /** The version of the definition that it was started with. */
  readonly version: number;
  /** Its current step. */
  readonly step: string;
  /** Its state. */
  readonly state: Readonly<Record<string, unknown>>;
}

/** What {@linkcode flow} takes. */
export interface FlowDefinition<K extends string, S extends object, D extends object = never> {
  /** A whole number. Raise it when the steps or the shape of the state change. */
  readonly version: number;
  /**
   * Creates the initial state: an object of strings, numbers, booleans, null, and arrays and plain
   * objects of them. `defineBot` calls it once as well, to check that the result can be stored.
   */
  readonly state: () => S;
  /**
   * The session that the steps use: the same object as the session of the bot or plug-in that has the
   * flow.
   */
  readonly session?: SessionDefinition<D>;
  /**
   * The steps, in order. The key is the step's name, optionally followed by a colon and the type of
   * the answer, as in signatures: `"age:int"`. Without a type, the answer is the whole message.
   */
  readonly steps: {
    readonly [P in K]:
      | QuestionStep<S, StepAnswer<P>, StepName<NoInfer<K>>, D>
      | WorkStep<S, StepName<NoInfer<K>>, D>;
  };
  /**
   * The final reply, or a function that does the final work and returns it. It runs at least once,
   * like a {@linkcode WorkStep}.
   */
  readonly done?: string | ((ctx: FlowContext<S> & SessionState<D>) => Reply);
  /** The word that cancels the flow, in any case; false for none. Default: `"cancel"`. */
  readonly cancel?: string | false;
  /**
   * The display name of the device that the flow talks with, ignoring case, whoever starts it. Default:
   * the device that starts it. Raise `version` when it changes. This is a filter, not security: every
   * connection chooses its own display name.
   */
  readonly from?: string;
  /** The time limit for an answer, including downtime of the bot. Default: none. */
  readonly timeout?: Duration;
  /**
   * Maps a flow that was started with an earlier version to a step and state of this one; the bot then
   * enters that step. If it returns undefined, or is missing, the flow ends, and the user is notified.
   */
  readonly migrate?: (
    old: OldProgress,
  ) => { readonly step: StepName<NoInfer<K>>; readonly state: NoInfer<S> } | undefined;
}

/** A step with its types erased. */
export type AnyFlowStep = AnyQuestionStep | AnyWorkStep;

/** A {@linkcode QuestionStep} with its types erased. */
export interface AnyQuestionStep {
  /** See {@linkcode QuestionStep.ask}. */
  readonly ask: string | ((state: never, context: never) => string);
  /** See {@linkcode QuestionStep.retry}. */
  readonly retry?: string;
  /** See {@linkcode QuestionStep.next}. */
  readonly next?: (step: never) => AnswerOutcome<string>;
}

/** A {@linkcode WorkStep} with its types erased. */
export interface AnyWorkStep {
  /** See {@linkcode WorkStep.run}. */
  readonly run: (ctx: never) => Outcome<string> | Promise<Outcome<string>>;
}

/** A flow with its types erased, as in the `flows` of a bot. */
export interface Flow {
  /** See {@linkcode FlowDefinition.version}. */
  readonly version: number;
  /** See {@linkcode FlowDefinition.state}. */
  readonly state: () => object;
  /** See {@linkcode FlowDefinition.session}. */
  readonly session?: AnySessionDefinition;
  /** See {@linkcode FlowDefinition.steps}. */
  readonly steps: Readonly<Record<string, AnyFlowStep>>;
  /** See {@linkcode FlowDefinition.done}. */
  readonly done?: string | ((ctx: never) => Reply);
  /** See {@linkcode FlowDefinition.cancel}. */
  readonly cancel?: string | false;
  /** See {@linkcode FlowDefinition.from}. */
  readonly from?: string;
  /** See {@linkcode FlowDefinition.timeout}. */
  readonly timeout?: Duration;
  /** See {@linkcode FlowDefinition.migrate}. */
  readonly migrate?: (
    old: OldProgress,
  ) => { readonly step: string; readonly state: object } | undefined;
}

/** What `flows` adds to the context of handlers. */
export interface FlowStarter<F extends string> {
  /**
   * Starts a flow with the sender's device, or with the one that the flow's `from` names, and sends
   * its first question. If the device already has a flow, the bot says so and repeats that flow's
   * question instead.
   */
  readonly startFlow: (flow: F) => Promise<void>;
}

/** {@linkcode FlowStarter} if there are flows, else nothing. */
export type FlowState<F extends string> = [F] extends [never] ? unknown : FlowStarter<F>;

/**
 * Defines a conversation in steps. Its progress is stored after every step, so it continues after a
 * crash or a restart. Nothing is replayed.
 *
 * Any message from the device that started it is an answer, unless it starts with the bot's prefix or
 * name, or with `@` and the name of another connection. If the flow is cancelled, or an answer comes
 * too late, the bot says so. From a device without a name, only messages that match the type are
 * answers, because such devices cannot be told apart; the rest are handled like any other message.
 *
 * @example Sign up in three steps
 * ```ts
 * import { defineBot, flow } from "@roomz/roomz/bot";
 *
 * const signup = flow({
 *   version: 1,
 *   state: () => ({ name: "", age: 0, plan: "" }),
 *   steps: {
 *     "name": {
 *       ask: "What is your name?",
 *       next: ({ state, answer }) => void (state.name = answer),
 *     },
 *     "age:int": {
 *       ask: ({ name }) => `How old are you, ${name}?`,
 *       next({ state, answer }) {
 *         if (answer < 1 || answer > 120) return { again: "In years, please." };
 *         if (answer < 18) return { end: "Come back when you are 18." };
 *         state.age = answer;
 *       },
 *     },
 *     "plan:free|paid": {
 *       ask: "Which plan, free or paid?",
 *       next: ({ state, answer }) => void (state.plan = answer),
 *     },
 *   },
 *   done: ({ state }) => `Welcome ${state.name}, your plan is ${state.plan}.`,
 *   timeout: "1d",
 * });
 *
 * const bot = defineBot({
 *   name: "registrar",
 *   flows: { signup },
 *   commands: { "signup": ({ startFlow }) => startFlow("signup") },
 * });
 * console.log(bot.name);
 * ```
 */
export function flow<const K extends string, S extends object, D extends object = never>(
  definition: FlowDefinition<K, S, D>,
): Flow;
export function flow(definition: Flow): Flow {
  return definition;
}
