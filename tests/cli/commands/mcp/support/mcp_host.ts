/**
 * A host of the Model Context Protocol, as small as a test needs it: it runs `roomz mcp` in this process
 * and speaks to it line by line, in the versions of 2025 or 2026.
 * @module
 */
import { type Io, main, OutputClosed } from "@roomz/roomz/cli";
import { assert } from "@std/assert";
import { within } from "../../../../support/within.ts";
import { TestIo } from "../../../support/test_io.ts";

/** A message as the tools return it. */
export interface SaidMessage {
  readonly id: string;
  readonly device: string;
  readonly content: string;
  readonly own: boolean;
}

/** What the results of the tools contain, all together: a test looks at what it expects. */
export interface Structured {
  readonly status: string;
  readonly handle: string;
  readonly waited: number;
  readonly question: string;
  readonly answer: unknown;
  readonly device: string;
  readonly devices: readonly { readonly name: string }[];
  readonly this_device: string;
  readonly message: SaidMessage;
  readonly next: string;
  readonly messages: readonly [SaidMessage, ...SaidMessage[]];
  readonly message_id: string;
  readonly more: boolean;
  readonly missed: readonly [{ readonly from: string; readonly to: string }];
  readonly perhaps_missed: boolean;
}

/** What the results of requests contain, all together. */
export interface ServerResult {
  readonly resultType: string;
  readonly requestState: string;
  readonly taskId: string;
  readonly status: string;
  readonly ttlMs: number | null;
  readonly result: ServerResult;
  readonly content: readonly [{ readonly text: string }];
  readonly structuredContent: Structured;
  readonly isError?: boolean;
  readonly instructions: string;
  readonly tools: readonly ListedTool[];
}

/** A tool as it is listed. */
export interface ListedTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: Readonly<Record<string, unknown>>;
  readonly outputSchema: Readonly<Record<string, unknown>>;
  readonly annotations: Readonly<Record<string, unknown>>;
}

/** A message of the server. */
export interface ServerMessage {
  readonly id?: unknown;
  readonly method?: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly result: ServerResult;
  readonly error?: { readonly code: number; readonly message: string };
}

/** How a host starts `roomz mcp`. */
export interface HostOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly workingFolder?: string;
  /** What the host calls itself; "" to say nothing (2026 only). */
  readonly name?: string;
  /** The capabilities that it declares. */
  readonly capabilities?: Readonly<Record<string, unknown>>;
}

/** The host. Disposal closes stdin, and requires that the process would end then. */
export class McpHost implements AsyncDisposable {
  readonly io: TestIo;
  /** Every message of the server so far. */
  readonly received: ServerMessage[] = [];
  /** Lines on stdout that are no message. */
  readonly strayLines: string[] = [];
  /** The exit code, when it ends. */
  readonly ended: Promise<number>;
  readonly #answers = new Map<unknown, (message: ServerMessage) => void>();
  readonly #meta: Readonly<Record<string, unknown>> | undefined;
  #lastId = 0;
  #isReading = true;

  private constructor(
    { args = [], env = {}, workingFolder = "/" }: HostOptions,
    meta?: Readonly<Record<string, unknown>>,
  ) {
    this.io = new TestIo({ env, workingFolder, stdin: null });
    this.#meta = meta;
    const { io } = this;
    const stdout = { ...io.stdout, columns: () => 80, write: (text: string) => this.#read(text) };
    const spoken: Io = {
      stdin: io.stdin,
      stdout,
      stderr: io.stderr,
      signal: io.signal,
      env: (name) => io.env(name),
      hostName: () => "laptop",
      workingFolder: () => io.workingFolder(),
    };
    this.ended = main(["mcp", ...args], spoken);
  }

  /** A host that has said nothing yet. */
  static silent(options: HostOptions = {}): McpHost {
    return new McpHost(options);
  }

  /** A host of 2025, after its first exchange. */
  static async of2025(options: HostOptions = {}, version = "2025-11-25"): Promise<McpHost> {
    const host = new McpHost(options);
    const { name = "probe", capabilities = {} } = options;
    const { result } = await host.request("initialize", {
      protocolVersion: version,
      capabilities,
      clientInfo: { name, version: "1" },
    });
    assert(result !== undefined);
    host.notify("notifications/initialized");
    return host;
  }

  /** A host of 2026, which says who it is in every request. */
  static of2026({ name = "probe", capabilities = {}, ...options }: HostOptions = {}): McpHost {
    return new McpHost(options, {
      "io.modelcontextprotocol/protocolVersion": "2026-07-28",
      "io.modelcontextprotocol/clientCapabilities": capabilities,
      ...(name !== "" && { "io.modelcontextprotocol/clientInfo": { name, version: "1" } }),
    });
  }

  /** Sends a request, and waits for its answer. */
  request(method: string, params: Readonly<Record<string, unknown>> = {}): Promise<ServerMessage> {
    return this.start(method, params).answer;
  }

  /** Sends a request. */
  start(
    method: string,
    params: Readonly<Record<string, unknown>> = {},
    meta: Readonly<Record<string, unknown>> = {},
  ): { readonly id: number; readonly answer: Promise<ServerMessage> } {
    const id = ++this.#lastId;
    const { promise, resolve } = Promise.withResolvers<ServerMessage>();
    this.#answers.set(id, resolve);
    const all = { ...this.#meta, ...meta };
    const _meta = Object.keys(all).length > 0 ? { _meta: all } : {};
    this.write(JSON.stringify({ jsonrpc: "2.0", id, method, params: { ...params, ..._meta } }));
    const answer = within(20_000, `an answer to ${method}`, promise);
    // A test that does not wait for it, as for a call that it cancels, is not to fail later.
    answer.catch(() => {});
    return { id, answer };
  }

  /** Calls a tool; its result. */
  async call(name: string, args: Readonly<Record<string, unknown>> = {}): Promise<ToolResult> {
    const { result, error } = await this.request("tools/call", { name, arguments: args });
    if (error !== undefined) throw new Error(error.message);
    return toolResult(result);
  }

  /** Sends a notification. */
  notify(method: string, params: Readonly<Record<string, unknown>> = {}): void {
    const _meta = this.#meta === undefined ? {} : { _meta: this.#meta };
    this.write(JSON.stringify({ jsonrpc: "2.0", method, params: { ...params, ..._meta } }));
  }

  /** Writes a line to stdin. */
  write(line: string): void {
    this.io.stdin.type(`${line}\n`);
  }

  /** Closes stdout: what the server writes fails from now on. */
  stopReading(): void {
    this.#isReading = false;
  }

  /** Closes stdin, and waits for the end: 2 s, and what a busy machine may add to them. */
  async close(): Promise<number> {
    this.io.stdin.end();
    return await within(3_000, "the end", this.ended);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #read(text: string): Promise<void> {
    if (!this.#isReading) return Promise.reject(new OutputClosed());
    for (const line of text.split("\n").slice(0, -1)) {
      let message: ServerMessage;
      try {
        message = JSON.parse(line);
      } catch {
        this.strayLines.push(line);
        continue;
      }
      this.received.push(message);
      this.#answers.get(message.id)?.(message);
    }
    if (!text.endsWith("\n")) this.strayLines.push(text);
    return Promise.resolve();
  }
}

/** The result of a tool. */
export interface ToolResult {
  /** Absent from an error. */
  readonly structured: Structured;
  readonly text: string;
  readonly isError: boolean;
}

/** Reads a result: what is structured must be there as text as well. */
export function toolResult(result: ServerResult): ToolResult {
  const { content: [{ text }], structuredContent, isError = false } = result;
  if (structuredContent !== undefined) {
    assert(JSON.stringify(structuredContent) === text, "the text is a copy");
  }
  return { structured: structuredContent, text, isError };
}

/** Asks again until the answer passes `test`, for what reaches the server by another way than the call. */
export async function until<T>(ask: () => Promise<T>, test: (answer: T) => boolean): Promise<T> {
  for (const limit = AbortSignal.timeout(10_000);;) {
    const answer = await ask();
    if (test(answer)) return answer;
    if (limit.aborted) throw new Error(`It stayed ${JSON.stringify(answer)}.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
