/**
 * The HTTP endpoint for webhooks: a request becomes a line in the room.
 * @module
 */
import type { Clock } from "../../../bot/context/clock.ts";
import { SlidingWindow } from "../../../bot/context/sliding_window.ts";
import { isAuthentic } from "./authentication.ts";
import { Deliveries } from "./deliveries.ts";
import { gitHubLine } from "./github_line.ts";
import { postedLine, readPosted } from "./posted_text.ts";
import { readBody } from "./request_body.ts";

/** GitHub's own limit is 25 MB; its largest payloads are pushes with thousands of commits. */
const BODY_LIMITS = { size: 5_000_000, time: 10_000 };

/** How many requests are read at a time, so that 160 MB is all they take. */
const MOST_AT_ONCE = 32;

/** How many lines may be said within a minute. */
const LINES_PER_MINUTE = 100;
const MINUTE = 60_000;

/** What the endpoint needs. */
export interface WebhookParts {
  /** What the senders know. */
  readonly secret: string;
  /** Says a line in the room; resolves to why the room has not got it, or to undefined. */
  readonly say: (line: string) => Promise<string | undefined>;
  /** Called with the reason for each request that is refused. */
  readonly onRefused: (reason: string) => void;
  readonly clock: Clock;
}

/** A refusal, or what came of a request. */
interface Outcome {
  readonly status: number;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers the requests of webhooks. */
export class WebhookEndpoint {
  readonly #parts: WebhookParts;
  readonly #deliveries = new Deliveries();
  readonly #rate = new SlidingWindow(LINES_PER_MINUTE, MINUTE);
  #reading = 0;

  constructor(parts: WebhookParts) {
    this.#parts = parts;
  }

  /**
   * Answers a request: 202 when the room has its line. A sender should repeat what is answered with 429
   * or 503.
   */
  async respond(request: Request): Promise<Response> {
    const { status, text, headers = {} } = await this.#take(request);
    if (status !== 202) this.#parts.onRefused(`${status} ${text}`);
    return new Response(`${text}\n`, { status, headers });
  }

  async #take(request: Request): Promise<Outcome> {
    if (request.method !== "POST") {
      return { status: 405, text: "Send a POST.", headers: { allow: "POST" } };
    }
    if (this.#reading >= MOST_AT_ONCE) return tryAgain(503, "Too many requests at once.", 1_000);
    this.#reading++;
    try {
      const body = await readBody(request, BODY_LIMITS, this.#parts.clock);
      if (typeof body !== "string") return { status: body.status, text: body.problem };
      return await this.#takeBody(request, body);
    } finally {
      this.#reading--;
    }
  }

  async #takeBody({ headers, url }: Request, body: string): Promise<Outcome> {
    if (!await isAuthentic({ headers, url, body }, this.#parts.secret)) {
      return { status: 401, text: "The signature or the secret is missing or wrong." };
    }
    const posted = readPosted(headers.get("content-type") ?? "", body);
    if ("problem" in posted) return { status: posted.status, text: posted.problem };
    const event = headers.get("x-github-event");
    const line = event === null ? postedLine(posted.value) : gitHubLine(event, posted.value);
    if (line === undefined) return { status: 400, text: "There is no text in the body." };
    const delivery = headers.get("x-github-delivery");
    let refusal: Outcome | undefined;
    const say = async (): Promise<boolean> => {
      refusal = await this.#say(line);
      return refusal === undefined;
    };
    const said = delivery === null ? await say() : await this.#deliveries.once(delivery, say);
    if (said) return { status: 202, text: "Said." };
    return refusal ?? tryAgain(503, "The same delivery failed.", 1_000);
  }

  /** Says a line; returns why not. */
  async #say(line: string): Promise<Outcome | undefined> {
    const admission = this.#rate.admit("", this.#parts.clock.monotonic());
    if (!admission.admitted) {
      const text = `More than ${LINES_PER_MINUTE} messages within a minute.`;
      return tryAgain(429, text, admission.wait);
    }
    const problem = await this.#parts.say(line);
    return problem === undefined ? undefined : tryAgain(503, problem, 10_000);
  }
}

function tryAgain(status: number, text: string, delay: number): Outcome {
  return { status, text, headers: { "retry-after": String(Math.ceil(delay / 1_000)) } };
}
