/**
 * A development server for command tests, with one user.
 * @module
 */
import { createDevServer, type DevServer } from "@roomz/roomz/dev-server";

/** A server where ada@example.com can log in, with a state folder for her sessions. */
export class TestServer implements AsyncDisposable {
  readonly #server: DevServer;
  /** Variables that name her state folder and the server. */
  readonly home: { readonly XDG_STATE_HOME: string; readonly ROOMZ_SERVER_URL: string };
  /** The magic links that were sent, oldest first. */
  readonly links: readonly string[];

  private constructor(server: DevServer, state: string, links: readonly string[]) {
    this.#server = server;
    this.home = { XDG_STATE_HOME: state, ROOMZ_SERVER_URL: server.url };
    this.links = links;
  }

  static async start(): Promise<TestServer> {
    const links: string[] = [];
    const server = await createDevServer({
      port: 0,
      allowedEmails: ["ada@example.com"],
      onMagicLink: ({ url }) => void links.push(url),
      log: () => {},
    });
    return new TestServer(server, await Deno.makeTempDir(), links);
  }

  get url(): string {
    return this.#server.url;
  }

  get server(): DevServer {
    return this.#server;
  }

  /** A session token for ada@example.com. */
  session(): Promise<string> {
    return this.#server.mintSession("ada@example.com");
  }

  /** The same variables, with a session in ROOMZ_TOKEN. */
  async token(): Promise<
    { XDG_STATE_HOME: string; ROOMZ_SERVER_URL: string; ROOMZ_TOKEN: string }
  > {
    return { ...this.home, ROOMZ_TOKEN: await this.session() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.close();
    await removeFolder(this.home.XDG_STATE_HOME);
  }
}

/** Removes a folder; a KV file in it that was closed a moment ago may still come and go. */
async function removeFolder(path: string): Promise<void> {
  for (let attempt = 1;; attempt++) {
    try {
      return await Deno.remove(path, { recursive: true });
    } catch (error) {
      if (attempt === 10) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
