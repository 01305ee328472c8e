/**
 * Runs flows: from where they stand in the storage, one written step after the other.
 *
 * Every step is first written and then entered: its question sent, or its work done. What ends in
 * between is entered again when the bot starts: so a question or a piece of work may happen twice,
 * and an answer counts once.
 * @module
 */
import type { Message, User } from "../../client/mod.ts";
import type { RoomContext } from "../context/context.ts";
import { callHandler } from "../handler/call_handler.ts";
import type { LoadedSession } from "../session/loaded_session.ts";
import { readAnswer } from "../signature/answer_reader.ts";
import type { Records } from "../storage/records.ts";
import type { BoundFlow, BoundStep } from "./bound_flow.ts";
import type { AnswerOutcome, AnyQuestionStep, AnyWorkStep, FlowContext } from "./flow.ts";
import { FlowProgress, type Progress } from "./flow_progress.ts";

/** The flows of a bot. */
export class FlowRunner {
  readonly #flows: ReadonlyMap<string, BoundFlow>;
  readonly #progress: FlowProgress;

  /** `bot` is the bot's name. */
  constructor(bot: string, flows: ReadonlyMap<string, BoundFlow>) {
    this.#flows = flows;
    this.#progress = new FlowProgress(bot);
  }

  /** Whether there are any. */
  get isEmpty(): boolean {
    return this.#flows.size === 0;
  }

  /** Where the flow stands that a device is in the middle of. */
  async find(records: Records, user: User): Promise<Progress | undefined> {
    return await this.#progress.get(records, user);
  }

  /** The devices whose flow has to go on by itself: a step was not entered, or its flow has changed. */
  async unfinished(records: Records, accountId: string): Promise<readonly Progress[]> {
    const all = await this.#progress.all(records, accountId);
    return all.filter((progress) => !progress.asked || this.#flowOf(progress) === undefined);
  }

  /** The flow of that progress, unless its definition has another version now. */
  #flowOf({ flow, version }: Progress): BoundFlow | undefined {
    const found = this.#flows.get(flow);
    return found?.definition.version === version ? found : undefined;
  }

  /** Starts a flow with the device of a context. */
  async start(ctx: RoomContext, records: Records, name: string): Promise<void> {
    const flow = this.#flows.get(name);
    if (flow === undefined) {
      const names = [...this.#flows.keys()].join(", ");
      throw new TypeError(`There is no flow "${name}" to start. There are: ${names}.`);
    }
    const progress: Progress = {
      user: ctx.user,
      flow: name,
      version: flow.definition.version,
      id: crypto.randomUUID(),
      count: 0,
      step: flow.first,
      end: null,
      asked: false,
      state: { ...flow.definition.state() },
      message: null,
      until: this.#untilOf(flow, ctx),
    };
    const before = await this.#progress.get(records, ctx.user);
    const isOver = before !== undefined && isLate(before, ctx);
    if (before === undefined || isOver) {
      if (await this.#progress.replace(records, ctx.user, before, progress)) {
        return await this.goOn(ctx, records);
      }
    }
    await this.#sayUnderWay(ctx, records);
  }

  /**
   * Takes a message as what a device's flow waits for. False: it waits for nothing any more, and the
   * message is one like others.
   */
  async answer(ctx: RoomContext, records: Records, message: Message): Promise<boolean> {
    const progress = await this.#progress.get(records, ctx.user);
    if (progress === undefined) return false;
    if (progress.message === message.id) return true;
    if (isLate(progress, ctx)) {
      await this.#end(ctx, records, progress, `No answer in time: "${progress.flow}" has ended.`);
      return false;
    }
    const flow = this.#flowOf(progress);
    const bound = flow?.steps.get(progress.step ?? "");
    // What comes before its question was sent cannot be an answer to it.
    const waits = progress.asked && bound !== undefined && "ask" in bound.step;
    if (flow === undefined || !waits) {
      await this.goOn(ctx, records);
      return true;
    }
    const reading = readAnswer(message, bound.type, flow.cancel);
    if ("cancelled" in reading) {
      await this.#end(ctx, records, progress, "Cancelled.");
    } else if ("problem" in reading) {
      await ctx.reply(bound.step.retry ?? reading.problem);
    } else {
      // The types of state and answer are those of the step, see FlowDefinition. What is stored stays
      // as it is while the step changes its own copy.
      const state = structuredClone(progress.state);
      const session = await flow.session?.load(records, ctx.user);
      const taken = { state, answer: reading.value, session: session?.value };
      const outcome: AnswerOutcome<string> = bound.step.next?.(taken as never);
      session?.assertUnchanged(`The step "${bound.name}" of the flow "${flow.name}"`);
      if (outcome !== undefined && "again" in outcome) await ctx.reply(outcome.again);
      else {
        const after = this.#after(flow, bound, progress, state, outcome, ctx);
        await this.#move(records, progress, { ...after, message: message.id });
        await this.goOn(ctx, records);
      }
    }
    return true;
  }

  /** Enters the step that a device's flow is at, and those after it, up to a question. */
  async goOn(ctx: RoomContext, records: Records): Promise<void> {
    for (;;) {
      const progress = await this.#progress.get(records, ctx.user);
      if (progress === undefined) return;
      const flow = this.#flowOf(progress);
      if (flow === undefined) {
        if (!await this.#migrate(ctx, records, progress)) return;
        continue;
      }
      if (progress.asked) return;
      const bound = flow.steps.get(progress.step ?? "");
      if (bound === undefined) return await this.#finish(ctx, records, flow, progress);
      if ("ask" in bound.step) {
        await ctx.reply(await questionOf(flow, bound.step, progress, records));
        await this.#move(records, progress, { ...progress, asked: true });
        return;
      }
      await this.#work(ctx, records, flow, progress, bound, bound.step);
    }
  }

  async #work(
    ctx: RoomContext,
    records: Records,
    flow: BoundFlow,
    progress: Progress,
    bound: BoundStep,
    step: AnyWorkStep,
  ): Promise<void> {
    const state = structuredClone(progress.state);
    const session = await flow.session?.load(records, ctx.user);
    const outcome = await step.run(contextOf(ctx, progress, state, session) as never);
    ctx.signal.throwIfAborted();
    // Before the move: what ends in between is done again, and nothing is lost.
    await session?.save();
    await this.#move(records, progress, this.#after(flow, bound, progress, state, outcome, ctx));
  }

  async #finish(
    ctx: RoomContext,
    records: Records,
    flow: BoundFlow,
    progress: Progress,
  ): Promise<void> {
    const { done } = flow.definition;
    const state = structuredClone(progress.state);
    if (progress.end !== null) await ctx.reply(progress.end);
    else if (typeof done === "string") await ctx.reply(done);
    else if (done !== undefined) {
      const session = await flow.session?.load(records, ctx.user);
      const inner = contextOf(ctx, progress, state, session);
      await callHandler(done, inner, session);
    }
    ctx.signal.throwIfAborted();
    await this.#move(records, progress, undefined);
  }

  /** Where a flow stands after a step. */
  #after(
    flow: BoundFlow,
    { following }: BoundStep,
    progress: Progress,
    state: Record<string, unknown>,
    outcome: AnswerOutcome<string>,
    ctx: RoomContext,
  ): Progress {
    const base = { ...progress, state, count: progress.count + 1, asked: false };
    if (outcome !== undefined && "end" in outcome) return { ...base, step: null, end: outcome.end };
    const goto = outcome !== undefined && "goto" in outcome ? outcome.goto : following;
    if (goto !== undefined && !flow.steps.has(goto)) {
      throw new TypeError(`The flow "${flow.name}" has no step "${goto}" to go to.`);
    }
    return { ...base, step: goto ?? null, until: this.#untilOf(flow, ctx) };
  }

  /** Brings a flow of another version to that of today, or ends it; false: it has ended. */
  async #migrate(ctx: RoomContext, records: Records, progress: Progress): Promise<boolean> {
    const flow = this.#flows.get(progress.flow);
    const { version, step, state } = progress;
    const migrated = flow === undefined || step === null
      ? undefined
      : flow.definition.migrate?.({ version, step, state });
    if (flow === undefined || migrated === undefined) {
      const text = `"${progress.flow}" has changed since you began, and has ended: begin again.`;
      await this.#end(ctx, records, progress, text);
      return false;
    }
    if (!flow.steps.has(migrated.step)) {
      throw new TypeError(`The flow "${flow.name}" has no step "${migrated.step}" to migrate to.`);
    }
    await this.#move(records, progress, {
      ...progress,
      version: flow.definition.version,
      step: migrated.step,
      state: { ...migrated.state },
      count: progress.count + 1,
      asked: false,
      until: this.#untilOf(flow, ctx),
    });
    return true;
  }

  async #sayUnderWay(ctx: RoomContext, records: Records): Promise<void> {
    const progress = await this.#progress.get(records, ctx.user);
    const flow = progress && this.#flowOf(progress);
    if (progress === undefined || flow === undefined) return await this.goOn(ctx, records);
    const leave = flow.cancel === undefined ? "" : ` Say "${flow.cancel}" to leave it.`;
    await ctx.reply(`You are in the middle of "${progress.flow}".${leave}`);
    const step = flow.steps.get(progress.step ?? "")?.step;
    if (progress.asked && step !== undefined && "ask" in step) {
      await ctx.reply(await questionOf(flow, step, progress, records));
    } else await this.goOn(ctx, records);
  }

  async #end(ctx: RoomContext, records: Records, progress: Progress, text: string): Promise<void> {
    await this.#move(records, progress, undefined);
    await ctx.reply(text);
  }

  async #move(records: Records, before: Progress, after: Progress | undefined): Promise<void> {
    if (await this.#progress.replace(records, before.user, before, after)) return;
    throw new Error(
      `The flow "${before.flow}" was moved on by something else at the same time: this message did ` +
        "nothing. Does a second bot of this name use the same storage?",
    );
  }

  #untilOf({ timeout }: BoundFlow, { clock }: RoomContext): number | null {
    return timeout === undefined ? null : clock.now() + timeout;
  }
}

function isLate({ until }: Progress, { clock }: RoomContext): boolean {
  return until !== null && until <= clock.now();
}

async function questionOf(
  flow: BoundFlow,
  { ask }: AnyQuestionStep,
  { state, user }: Progress,
  records: Records,
): Promise<string> {
  if (typeof ask === "string") return ask;
  const session = await flow.session?.load(records, user);
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
