/**
 * A server, a home folder and a fleet in it, for command tests.
 * @module
 */
import { FleetAccounts, KvStorage, newFleetKey } from "@roomz/roomz/bot";
import { createDevServer, type DevServer } from "@roomz/roomz/dev-server";
import { TestHome } from "./test_home.ts";

const BOT = 'import { defineBot } from "@roomz/roomz/bot";\n' +
  'export default defineBot({ name: "helper", commands: { "ping": "pong" } });';

/** The fleet "helper", in the file fleet.kv of a home folder that also has its bot.ts. */
export class FleetHome implements AsyncDisposable {
  readonly server: DevServer;
  readonly home: TestHome;
  readonly key: string = newFleetKey();
  /** The magic links that were sent, oldest first. */
  readonly links: readonly string[];

  private constructor(server: DevServer, home: TestHome, links: readonly string[]) {
    this.server = server;
    this.home = home;
    this.links = links;
  }

  static async make(): Promise<FleetHome> {
    const links: string[] = [];
    const server = await createDevServer({
      port: 0,
      allowedEmails: ["ada@example.com", "bob@example.com"],
      onMagicLink: ({ url }) => void links.push(url),
      log: () => {},
    });
    return new FleetHome(server, await TestHome.make({ "bot.ts": BOT }), links);
  }

  /** The environment of someone who runs the fleet. */
  get env(): Record<string, string> {
    return { ...this.home.env, ROOMZ_SERVER_URL: this.server.url, ROOMZ_FLEET_KEY: this.key };
  }

  /** Options of a run of `roomz` in the home folder. */
  get run(): { readonly env: Record<string, string>; readonly workingFolder: string } {
    return { env: this.env, workingFolder: this.home.path };
  }

  /** Adds the account of someone to the fleet. */
  async add(name: string): Promise<void> {
    using storage = new KvStorage(`${this.home.path}/fleet.kv`);
    const accounts = new FleetAccounts({ storage, fleet: "helper", keys: [this.key] });
    const token = await this.server.mintSession(`${name}@example.com`);
    await accounts.add({ server: this.server.url, token });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.close();
    await this.home[Symbol.asyncDispose]();
  }
}
