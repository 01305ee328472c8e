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

/** The answer to a step, by its key: `"age:int"` a number, `"name"` a text. */
export type StepAnswer<K extends string> = K extends `${string}:${infer T}` ? ValueOf<T> : string;

/** Where a flow goes from a step: to the one after it where nothing is returned. */
export type Outcome<Names extends string> =
  | void
  /** To another step. */
  | { readonly goto: Names }
  /** To its end, with these last words and without `done`. */
  | { readonly end: string };

/** What the answer to a question comes to. */
export type AnswerOutcome<Names extends string> =
  | Outcome<Names>
  /** To the same question: says this, and leaves the state as it was. */
  | { readonly again: string };

/** A step that asks, and waits for the answer. `D` is the session of the flow, where it names one. */
export interface QuestionStep<
  S extends object,
  Answer,
  Names extends string,
  D extends object = never,
> {
  /**
   * The question, or what makes it of the state, and of the session where the flow names one. It may
   * be sent twice where the bot was ended while it was sent.
   */
  readonly ask: string | ((state: S, context: SessionView<D>) => string);
  /** What to say to an answer that does not fit the type. Default: what is wrong with it. */
  readonly retry?: string;
  /**
   * Puts the answer into the state, in place, and says where to go. It counts exactly once for every
   * answer that counts. It must do nothing else: what it does besides may happen in vain, when the
   * bot ends before the new state is written. So it may read the session, and not change it.
   */
  readonly next?: (
    step: { readonly state: S; readonly answer: Answer } & SessionView<D>,
  ) => AnswerOutcome<Names>;
}

/** A step that does something, without a question. */
export interface WorkStep<S extends object, Names extends string, D extends object = never> {
  /**
   * Does it, changes the state in place, and says where to go. It happens at least once: again after a
   * restart, when the bot ended before the new state was written, with the same `key`. Where it
   * throws, it is tried again at the next message of the device, and at the next start of the bot.
   * What it changes in the session is written before the state is.
   */
  readonly run: (
    ctx: FlowContext<S> & SessionState<D>,
  ) => Outcome<Names> | Promise<Outcome<Names>>;
}

/** What a step that does something has, and `done`. */
export interface FlowContext<S extends object> extends RoomContext {
  /** The state of the flow. */
  readonly state: S;
  /**
   * The same whenever this step of this run of the flow is done again, and never otherwise: for whoever
   * must not do a thing twice.
   */
  readonly key: string;
}

/** A flow that was under way when its definition changed. */
export interface OldProgress {
  /** The version of the definition that it followed. */
  readonly version: number;
  /** The step that it was at. */
  readonly step: string;
  /** Its state. */
  readonly state: Readonly<Record<string, unknown>>;
}

/** What {@linkcode flow} takes. */
export interface FlowDefinition<K extends string, S extends object, D extends object = never> {
  /** A whole number. Raise it when the steps change or the shape of the state. */
  readonly version: number;
  /** The state at the beginning: texts, numbers, booleans, null, arrays and plain objects. */
  readonly state: () => S;
  /**
   * The session that the steps use: the same object as that of the bot, or of the plug-in, that has
   * the flow.
   */
  readonly session?: SessionDefinition<D>;
  /**
   * The steps, in order. The key is the step's name, after a colon the type of the answer, as in
   * signatures: `"age:int"`. Without it the answer is a text, all that was said.
   */
  readonly steps: {
    readonly [P in K]:
      | QuestionStep<S, StepAnswer<P>, StepName<NoInfer<K>>, D>
      | WorkStep<S, StepName<NoInfer<K>>, D>;
  };
  /**
   * What to say after the last step, or a function that does the last of the work and says it. It
   * happens at least once, as a {@linkcode WorkStep}.
   */
  readonly done?: string | ((ctx: FlowContext<S> & SessionState<D>) => Reply);
  /** The word that ends the flow, in any case; false: there is none. Default: `"cancel"`. */
  readonly cancel?: string | false;
  /** How long an answer may take, downtimes of the bot included. Default: for ever. */
  readonly timeout?: Duration;
  /**
   * Where a flow goes on that was begun with an earlier version; its step is then entered again.
   * Undefined, or without `migrate`: it ends, and the person is told.
   */
  readonly migrate?: (
    old: OldProgress,
  ) => { readonly step: StepName<NoInfer<K>>; readonly state: NoInfer<S> } | undefined;
}

/** A step with its types forgotten. */
export type AnyFlowStep = AnyQuestionStep | AnyWorkStep;

/** A {@linkcode QuestionStep} with its types forgotten. */
export interface AnyQuestionStep {
  /** See {@linkcode QuestionStep.ask}. */
  readonly ask: string | ((state: never, context: never) => string);
  /** See {@linkcode QuestionStep.retry}. */
  readonly retry?: string;
  /** See {@linkcode QuestionStep.next}. */
  readonly next?: (step: never) => AnswerOutcome<string>;
}

/** A {@linkcode WorkStep} with its types forgotten. */
export interface AnyWorkStep {
  /** See {@linkcode WorkStep.run}. */
  readonly run: (ctx: never) => Outcome<string> | Promise<Outcome<string>>;
}

/** A flow with its types forgotten, as a bot takes it. */
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
  /** See {@linkcode FlowDefinition.timeout}. */
  readonly timeout?: Duration;
  /** See {@linkcode FlowDefinition.migrate}. */
  readonly migrate?: (
    old: OldProgress,
  ) => { readonly step: string; readonly state: object } | undefined;
}

/** What a handler of a bot with flows has. */
export interface FlowStarter<F extends string> {
  /**
   * Starts a flow with the device that the message came from, and sends its first question. Where the
   * device is in the middle of a flow already, it is told so, and asked again what that asked.
   */
  readonly startFlow: (flow: F) => Promise<void>;
}

/** What `flows` adds to the context of handlers: nothing where there are none. */
export type FlowState<F extends string> = [F] extends [never] ? unknown : FlowStarter<F>;

/**
 * A conversation in steps. Where it stands is kept in the bot's storage after every step, so that it
 * goes on after a crash or a restart as if nothing had happened: nothing is replayed.
 *
 * Answers come from the device that started it; what calls a command is none. Of a word that cancels,
 * and of an answer that comes too late, the person is told.
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
