/**
 * An agent, and a person at a phone who reads what is asked.
 * @module
 */
import { AsyncClient } from "@roomz/roomz/client";
import { assert } from "@std/assert";
import { TestServer } from "../../../support/test_server.ts";
import { type HostOptions, type McpHost, until } from "./mcp_host.ts";

/** Their room. */
export class AskingScene implements AsyncDisposable {
  readonly server: TestServer;
  readonly phone: AsyncClient;
  readonly host: McpHost;
  /** What others have said, oldest first. */
  readonly heard: string[] = [];

  private constructor(server: TestServer, phone: AsyncClient, host: McpHost) {
    this.server = server;
    this.phone = phone;
    this.host = host;
    phone.on("message", ({ own, content }) => {
      if (own !== true) this.heard.push(content);
    });
  }

  /** A host whose calls last a second. */
  static async start(
    start: (options: HostOptions) => McpHost | Promise<McpHost>,
    options: HostOptions = {},
  ): Promise<AskingScene> {
    const server = await TestServer.start();
    const token = await server.session();
    const phone = await AsyncClient.open(server.url, token, { displayName: "phone" });
    const args = ["--leg", "1", ...options.args ?? []];
    const host = await start({ ...options, args, env: await server.token() });
    return new AskingScene(server, phone, host);
  }

  /** The handles of the questions that were asked, when there are that many; the oldest first. */
  async handles(count: number): Promise<readonly string[]> {
    const asked = () =>
      Promise.resolve(this.heard.flatMap((text) => /\) \[(\w{3})\]$/.exec(text)?.[1] ?? []));
    const handles = await until(asked, (found) => found.length >= count);
    assert(handles.length === count, `${handles}`);
    return handles;
  }

  /** Waits until something was said that matches. */
  async said(pattern: RegExp): Promise<void> {
    const found = () => Promise.resolve(this.heard);
    await until(found, (texts) => texts.some((text) => pattern.test(text)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.host.close();
    await this.phone.disconnect();
    await this.server[Symbol.asyncDispose]();
  }
}
