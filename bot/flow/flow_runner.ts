/**
 * Runs flows from their stored progress.
 *
 * Each step is stored before it is entered, that is, before its question is sent or its work is done.
 * If the bot ends in between, the step is entered again at the next start. So a question may be sent
 * twice, and work may be done twice, but an answer counts once.
 * @module
 */
import type { Message, User } from "../../client/mod.ts";
import type { RoomContext } from "../context/context.ts";
import { foldName, isNamed, isSameDevice } from "../context/device_key.ts";
import { callHandler } from "../handler/call_handler.ts";
import { readHandle } from "../question/handle.ts";
import { questionTexts } from "../question/notices.ts";
import type { LoadedSession } from "../session/loaded_session.ts";
import { readAnswer } from "../signature/answer_reader.ts";
import { quoted } from "../text/quoted_text.ts";
import type { BoundFlow, BoundStep } from "./bound_flow.ts";
import { DeviceTurns } from "./device_turns.ts";
import type { AnswerOutcome, AnyQuestionStep, AnyWorkStep, FlowContext } from "./flow.ts";
import { FlowProgress, type Progress } from "./flow_progress.ts";
import type { FlowQuestion, FlowRun } from "./flow_questions.ts";

/** The flows of a bot. */
export class FlowRunner {
  readonly #flows: ReadonlyMap<string, BoundFlow>;
  readonly #progress: FlowProgress;
  /** The names in the `from` of flows, as they are spelled. */
  readonly #froms: readonly string[];
  readonly #turns = new DeviceTurns();

  /** `bot` is the bot's name. */
  constructor(bot: string, flows: ReadonlyMap<string, BoundFlow>) {
    this.#flows = flows;
    this.#progress = new FlowProgress(bot);
    const froms = [...flows.values()].map(({ definition }) => definition.from ?? "");
    this.#froms = [...new Set(froms)].filter((name) => name !== "");
  }

  /** Whether the bot has no flows. */
  get isEmpty(): boolean {
    return this.#flows.size === 0;
  }

  /** Whether a flow asks the device that starts it, and that device has no name. */
  asksUnnamed(name: string, { display_name }: User): boolean {
    const flow = this.#flows.get(name);
    return display_name === null && flow !== undefined && flow.from === undefined &&
      [...flow.steps.values()].some(({ step }) => "ask" in step);
  }

  /**
   * The progress of the flow that a message belongs to; undefined if there is none. From a device
   * without a name, only what fits the question belongs to it.
   */
  async find(run: FlowRun, message: Message): Promise<Progress | undefined> {
    const progress = await this.#progress.getFirst(run.records, this.#devicesOf(message.user));
    if (progress === undefined) run.flowQuestions.forget(message.user);
    if (progress === undefined || message.user.display_name !== null) return progress;
    const flow = this.#flowOf(progress);
    const bound = flow?.steps.get(progress.step ?? "");
    if (flow === undefined || bound === undefined || !progress.asked) return progress;
    return "problem" in readAnswer(message, bound.type, flow.cancel) ? undefined : progress;
  }

  /** The names under which a device may have a flow: its own, and those that mean it in a `from`. */
  #devicesOf(user: User): [User, ...User[]] {
    const { display_name } = user;
    if (display_name === null || this.#froms.length === 0) return [user];
    const folded = foldName(display_name);
    const meant = this.#froms.filter((name) => name !== display_name && foldName(name) === folded);
    return [user, ...meant.map((name) => ({ ...user, display_name: name }))];
  }

  /**
   * The flows to resume: their step was stored but not entered, or their definition changed. The
   * questions of the others are open again.
   */
  async unfinished(run: FlowRun, accountId: string): Promise<readonly Progress[]> {
    const all = await this.#progress.all(run.records, accountId);
    const unfinished: Progress[] = [];
    for (const progress of all) {
      const flow = this.#flowOf(progress);
      const bound = flow?.steps.get(progress.step ?? "");
      if (!progress.asked || flow === undefined) unfinished.push(progress);
      else if (bound !== undefined) await this.#reopen(run, flow, bound, progress);
    }
    return unfinished;
  }

  /** Makes the question known that was asked before the bot was restarted. */
  async #reopen(
    run: FlowRun,
    flow: BoundFlow,
    bound: BoundStep,
    progress: Progress,
  ): Promise<void> {
    const { user, handle } = progress;
    // Without a handle it was asked by an older version of the package.
    if (!("ask" in bound.step) || typeof handle !== "string") return;
    if (run.flowQuestions.isOpen(user)) return;
    const text = await questionOf(flow, bound.step, progress, run);
    run.flowQuestions.reopen(user, this.#questionOn(flow, bound, progress, text), handle);
  }

  /**
   * The flow that the progress belongs to; undefined if its definition has another version, or is for
   * another device.
   */
  #flowOf({ flow, version, user }: Progress): BoundFlow | undefined {
    const found = this.#flows.get(flow);
    return found?.definition.version === version && isFor(found, user) ? found : undefined;
  }

  /** Starts a flow with the device that sent the message, or with the one that the flow names. */
  async start(sender: RoomContext, run: FlowRun, name: string): Promise<void> {
    const flow = this.#flows.get(name);
    if (flow === undefined) {
      const names = [...this.#flows.keys()].join(", ");
      throw new TypeError(`There is no flow "${name}". The bot's flows: ${names}.`);
    }
    const { from = sender.device } = flow.definition;
    const ctx = contextFor({ ...sender.user, display_name: from }, sender);
    if (flow.from === undefined) return await this.#start(ctx, run, flow, sender);
    await this.#turns.run(ctx, run.records, () => this.#start(ctx, run, flow, sender));
  }

  async #start(
    ctx: RoomContext,
    run: FlowRun,
    flow: BoundFlow,
    sender: RoomContext,
  ): Promise<void> {
    const progress: Progress = {
      user: ctx.user,
      flow: flow.name,
      version: flow.definition.version,
      id: crypto.randomUUID(),
      count: 0,
      step: flow.first,
      end: null,
      asked: false,
      state: { ...flow.definition.state() },
      message: null,
      handle: null,
      until: this.#deadlineOf(flow, ctx),
    };
    const before = await this.#progress.get(run.records, ctx.user);
    const isExpired = before !== undefined && isLate(before, ctx);
    if (before === undefined || isExpired) {
      if (await this.#progress.replace(run.records, ctx.user, before, progress)) {
        return await this.#resume(ctx, run);
      }
    }
    await this.#repeatQuestion(ctx, run, sender);
  }

  /**
   * Handles a message as the answer to the flow that `find` found. Returns false if the flow has ended,
   * so that the message should be handled like any other.
   */
  async answer(
    sender: RoomContext,
    run: FlowRun,
    message: Message,
    found: Progress,
  ): Promise<boolean> {
    const ctx = contextFor(found.user, sender);
    if (this.#flowOf(found)?.from === undefined) return await this.#answer(ctx, run, message);
    return await this.#turns.run(ctx, run.records, () => this.#answer(ctx, run, message));
  }

  async #answer(ctx: RoomContext, run: FlowRun, message: Message): Promise<boolean> {
    const progress = await this.#progress.get(run.records, ctx.user);
    if (progress === undefined) {
      run.flowQuestions.forget(ctx.user);
      return false;
    }
    if (progress.message === message.id) return true;
    if (isLate(progress, ctx)) {
      await this.#end(ctx, run, progress, `No answer in time: "${progress.flow}" has ended.`);
      return false;
    }
    const flow = this.#flowOf(progress);
    const bound = flow?.steps.get(progress.step ?? "");
    // A message that came before the question was sent is not an answer to it.
    const waits = progress.asked && bound !== undefined && "ask" in bound.step;
    if (flow === undefined || !waits) {
      await this.#resume(ctx, run);
      return true;
    }
    // The handle is still there if this process did not ask the question.
    const content = withoutHandle(message.content, progress.handle);
    const reading = readAnswer({ ...message, content }, bound.type, flow.cancel);
    if ("cancelled" in reading) {
      await this.#end(ctx, run, progress, "Cancelled.");
    } else if ("problem" in reading) {
      await ctx.reply(bound.step.retry ?? reading.problem);
    } else {
      // FlowDefinition guarantees the types of state and answer. The step changes a copy, so that the
      // state stays as it is if the step throws or asks again.
      const state = structuredClone(progress.state);
      const session = await flow.session?.load(run.records, ctx.user);
      const input = { state, answer: reading.value, session: session?.value };
      const outcome: AnswerOutcome<string> = bound.step.next?.(input as never);
      session?.assertUnchanged(`The step "${bound.name}" of the flow "${flow.name}"`);
      if (outcome !== undefined && "again" in outcome) await ctx.reply(outcome.again);
      else {
        const after = this.#progressAfter(flow, bound, progress, state, outcome, ctx);
        await this.#move(run, progress, { ...after, message: message.id });
        run.flowQuestions.answered(progress.user, content);
        await this.#resume(ctx, run);
      }
    }
    return true;
  }

  /** Continues a flow that a restart or a lost connection interrupted. */
  async resume(ctx: RoomContext, run: FlowRun): Promise<void> {
    await this.#turns.run(ctx, run.records, () => this.#resume(ctx, run));
  }

  /** Enters the current step of a device's flow and those after it, up to the next question. */
  async #resume(ctx: RoomContext, run: FlowRun): Promise<void> {
    for (;;) {
      const progress = await this.#progress.get(run.records, ctx.user);
      if (progress === undefined) return;
      const flow = this.#flowOf(progress);
      if (flow === undefined) {
        if (!await this.#migrate(ctx, run, progress)) return;
        continue;
      }
      if (progress.asked) return;
      const bound = flow.steps.get(progress.step ?? "");
      if (bound === undefined) return await this.#finish(ctx, run, flow, progress);
      if ("ask" in bound.step) {
        const text = await questionOf(flow, bound.step, progress, run);
        const question = this.#questionOn(flow, bound, progress, text);
        const { handle, texts } = run.flowQuestions.open(progress.user, question, progress.handle);
        try {
          for (const part of texts) await ctx.reply(part);
          await this.#move(run, progress, { ...progress, asked: true, handle });
        } catch (error) {
          run.flowQuestions.ended(progress.user);
          throw error;
        }
        return;
      }
      await this.#work(ctx, run, flow, progress, bound, bound.step);
    }
  }

  async #work(
    ctx: RoomContext,
    run: FlowRun,
    flow: BoundFlow,
    progress: Progress,
    bound: BoundStep,
    step: AnyWorkStep,
  ): Promise<void> {
    const state = structuredClone(progress.state);
    const session = await flow.session?.load(run.records, ctx.user);
    const outcome = await step.run(contextOf(ctx, progress, state, session) as never);
    ctx.signal.throwIfAborted();
    // Before the progress: if the bot ends in between, the step is repeated, and nothing is lost.
    await session?.save();
    await this.#move(
      run,
      progress,
      this.#progressAfter(flow, bound, progress, state, outcome, ctx),
    );
  }

  async #finish(
    ctx: RoomContext,
    run: FlowRun,
    flow: BoundFlow,
    progress: Progress,
  ): Promise<void> {
    const { done } = flow.definition;
    const state = structuredClone(progress.state);
    if (progress.end !== null) await ctx.reply(progress.end);
    else if (typeof done === "string") await ctx.reply(done);
    else if (done !== undefined) {
      const session = await flow.session?.load(run.records, ctx.user);
      const inner = contextOf(ctx, progress, state, session);
      await callHandler(done, inner, session);
    }
    ctx.signal.throwIfAborted();
    await this.#move(run, progress, undefined);
  }

  /** The progress after a step. */
  #progressAfter(
    flow: BoundFlow,
    { next }: BoundStep,
    progress: Progress,
    state: Record<string, unknown>,
    outcome: AnswerOutcome<string>,
    ctx: RoomContext,
  ): Progress {
    const base = { ...progress, state, count: progress.count + 1, asked: false };
    if (outcome !== undefined && "end" in outcome) return { ...base, step: null, end: outcome.end };
    const goto = outcome !== undefined && "goto" in outcome ? outcome.goto : next;
    if (goto !== undefined && !flow.steps.has(goto)) {
      throw new TypeError(
        `A step of the flow "${flow.name}" returned goto: "${goto}", but there is no such step.`,
      );
    }
    return { ...base, step: goto ?? null, until: this.#deadlineOf(flow, ctx) };
  }

  /** Migrates a flow to the current version; if it cannot, ends the flow and returns false. */
  async #migrate(ctx: RoomContext, run: FlowRun, progress: Progress): Promise<boolean> {
    const flow = this.#flows.get(progress.flow);
    const { version, step, state } = progress;
    const migrated = flow === undefined || step === null || !isFor(flow, progress.user)
      ? undefined
      : flow.definition.migrate?.({ version, step, state });
    if (flow === undefined || migrated === undefined) {
      const text = `"${progress.flow}" has changed since you started it. Start it again.`;
      await this.#end(ctx, run, progress, text);
      return false;
    }
    if (!flow.steps.has(migrated.step)) {
      throw new TypeError(
        `migrate of the flow "${flow.name}" returned step: "${migrated.step}", but there is no such step.`,
      );
    }
    await this.#move(run, progress, {
      ...progress,
      version: flow.definition.version,
      step: migrated.step,
      state: { ...migrated.state },
      count: progress.count + 1,
      asked: false,
      until: this.#deadlineOf(flow, ctx),
    });
    return true;
  }

  /** Says that the device already has a flow, and repeats its question. */
  async #repeatQuestion(ctx: RoomContext, run: FlowRun, sender: RoomContext): Promise<void> {
    const progress = await this.#progress.get(run.records, ctx.user);
    const flow = progress && this.#flowOf(progress);
    if (progress === undefined || flow === undefined) return await this.#resume(ctx, run);
    const leave = flow.cancel === undefined ? "" : ` Say "${flow.cancel}" to end it.`;
    const who = ctx.device === sender.device ? "You are" : `${quoted(ctx.device ?? "")} is`;
    await ctx.reply(`${who} in the middle of "${progress.flow}".${leave}`);
    const step = flow.steps.get(progress.step ?? "")?.step;
    if (progress.asked && step !== undefined && "ask" in step) {
      const { handle, type } = {
        handle: progress.handle,
        type: flow.steps.get(progress.step ?? "")?.type,
      };
      const text = await questionOf(flow, step, progress, run);
      const texts = typeof handle === "string" && type !== undefined
        ? questionTexts(text, handle, type)
        : [text];
      for (const part of texts) await ctx.reply(part);
    } else await this.#resume(ctx, run);
  }

  async #end(ctx: RoomContext, run: FlowRun, progress: Progress, text: string): Promise<void> {
    await this.#move(run, progress, undefined);
    run.flowQuestions.ended(progress.user);
    await ctx.reply(text);
  }

  /** The question of a flow's step, as the board needs to know it. */
  #questionOn(
    { from, cancel }: BoundFlow,
    { type }: BoundStep,
    { user: asked }: Progress,
    text: string,
  ): FlowQuestion {
    return {
      text,
      type,
      accepts: ({ user }) => {
        if (isSameDevice(user, asked)) return true;
        return from !== undefined && user.id === asked.id && isNamed(user, from);
      },
      // Whoever has no name may be another device.
      fits: (message) => {
        return message.user.display_name !== null ||
          !("problem" in readAnswer(message, type, cancel));
      },
    };
  }

  async #move(run: FlowRun, before: Progress, after: Progress | undefined): Promise<void> {
    if (await this.#progress.replace(run.records, before.user, before, after)) return;
    throw new Error(
      `Something else changed the progress of the flow "${before.flow}" at the same time, so this ` +
        "message had no effect. Does another bot with the same name use the same storage?",
    );
  }

  #deadlineOf({ timeout }: BoundFlow, { clock }: RoomContext): number | null {
    return timeout === undefined ? null : clock.now() + timeout;
  }
}

/** Whether a flow talks with this device. */
function isFor({ from }: BoundFlow, user: User): boolean {
  return from === undefined || isNamed(user, from);
}

/** The context of a flow's device; `sender` is the context of the message that the flow reacts to. */
function contextFor(user: User, sender: RoomContext): RoomContext {
  const { display_name } = user;
  return display_name === sender.device ? sender : { ...sender, user, device: display_name };
}

function isLate({ until }: Progress, { clock }: RoomContext): boolean {
  return until !== null && until <= clock.now();
}

function withoutHandle(content: string, handle: string | null | undefined): string {
  if (typeof handle !== "string") return content;
  const reading = readHandle(content);
  return reading?.handle === handle ? reading.answer : content;
}

async function questionOf(
  flow: BoundFlow,
  { ask }: AnyQuestionStep,
  { state, user }: Progress,
  run: FlowRun,
): Promise<string> {
  if (typeof ask === "string") return ask;
  const session = await flow.session?.load(run.records, user);
  const question = ask(structuredClone(state) as never, { session: session?.value } as never);
  session?.assertUnchanged(`A question of the flow "${flow.name}"`);
  return question;
}

function contextOf(
  ctx: RoomContext,
  { id, count }: Progress,
  state: Record<string, unknown>,
  session: LoadedSession | undefined,
): FlowContext<Record<string, unknown>> {
  const context = { ...ctx, state, key: `${id}:${count}` };
  session?.addTo(context);
  return context;
}
