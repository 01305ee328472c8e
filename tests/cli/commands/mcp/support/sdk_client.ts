/**
 * The clients of the official SDK, in the versions that hosts use.
 * @module
 */
import { mcpCommand } from "./line_process.ts";
import { type ServerResult, type ToolResult, toolResult } from "./mcp_host.ts";

/** What the generations of clients have in common. */
interface RawClient {
  connect(transport: unknown): Promise<void>;
  listTools(): Promise<{ readonly tools: readonly { readonly name: string }[] }>;
  callTool(call: { name: string; arguments: Record<string, unknown> }): Promise<ServerResult>;
  close(): Promise<void>;
}

/** Where a generation's modules are, and the options that choose its version. */
interface Generation {
  readonly client: string;
  readonly transport: string;
  readonly options: Record<string, unknown>;
}

/** The clients by name. */
export const SDK_CLIENTS: Readonly<Record<string, Generation>> = {
  "SDK 1.12.0": firstGeneration("1.12.0"),
  "SDK 1.32.2": firstGeneration("1.32.2"),
  "SDK 2.4.0 with its defaults": secondGeneration({}),
  "SDK 2.4.0 pinned to 2026-07-28": secondGeneration({
    versionNegotiation: { mode: { pin: "2026-07-28" } },
  }),
};

/** A client that is connected to a `roomz mcp` of its own. */
export class SdkClient {
  readonly #client: RawClient;
  /** How often it has called a tool. */
  calls = 0;

  private constructor(client: RawClient) {
    this.#client = client;
  }

  /**
   * Starts `roomz mcp` with `args`, and connects.
   * @throws Also if npm does not have the client here.
   */
  static async open(
    { client, transport, options }: Generation,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
  ): Promise<SdkClient> {
    // Computed, so that nobody needs them to check the types.
    const [{ Client }, { StdioClientTransport }]: [
      { Client: new (info: unknown, options: unknown) => RawClient },
      { StdioClientTransport: new (command: unknown) => unknown },
    ] = await Promise.all([import(client), import(transport)]);
    const sdk = new Client({ name: "sdk-client", version: "1" }, options);
    await sdk.connect(new StdioClientTransport({ ...mcpCommand(args), env, stderr: "inherit" }));
    return new SdkClient(sdk);
  }

  /** The names of the tools. */
  async tools(): Promise<readonly string[]> {
    return (await this.#client.listTools()).tools.map(({ name }) => name);
  }

  /** Calls a tool. */
  async call(name: string, args: Record<string, unknown> = {}): Promise<ToolResult> {
    this.calls++;
    return toolResult(await this.#client.callTool({ name, arguments: args }));
  }

  /** Calls a tool that waits, again and again until the wait is over, as a model does. */
  async callUntilDone(name: string, args: Record<string, unknown>): Promise<ToolResult> {
    let result = await this.call(name, args);
    while (result.structured?.status === "waiting") {
      result = await this.call(name, { handle: result.structured.handle });
    }
    return result;
  }

  /** Ends the connection, and with it `roomz mcp`. */
  close(): Promise<void> {
    return this.#client.close();
  }
}

function firstGeneration(version: string): Generation {
  const path = `npm:@modelcontextprotocol/sdk@${version}/client`;
  return { client: `${path}/index.js`, transport: `${path}/stdio.js`, options: {} };
}

function secondGeneration(options: Record<string, unknown>): Generation {
  const client = "npm:@modelcontextprotocol/client@2.4.0";
  return { client, transport: `${client}/stdio`, options };
}
