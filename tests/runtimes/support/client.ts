/**
 * Uses the client on any runtime: connects, chats, stores its session in a cache of its own,
 * reconnects. Run by runtimes_test.ts on Node and Bun; throws if something is wrong.
 * @module
 */
import { equal } from "node:assert/strict";
import { readFile, rm, writeFile } from "node:fs/promises";
import process from "node:process";
import {
  AsyncClient,
  AuthenticationError,
  type Session,
  type SessionCache,
} from "../../../client/mod.ts";

class FileCache implements SessionCache {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  async get(server: string): Promise<Session | undefined> {
    try {
      return JSON.parse(await readFile(this.#file, "utf8"))[server];
    } catch {
      return undefined;
    }
  }

  async set(server: string, session: Session): Promise<void> {
    await writeFile(this.#file, JSON.stringify({ [server]: session }), { mode: 0o600 });
  }

  async delete(): Promise<void> {
    await rm(this.#file, { force: true });
  }
}

const [url = "", session = "", file = ""] = process.argv.slice(2);
const sessionCache = new FileCache(file);

const first = await AsyncClient.open(url, session, { displayName: "first", sessionCache });
const second = await AsyncClient.open(url, "", { sessionCache });
const messages = second.messages();
const result = await first.send("1 < 2");
equal(result.status, "ok");
const { value: message } = await messages.next();
equal(message?.content, "1 < 2");
equal(message?.own, false);
equal(message?.user.display_name, "first");
await second.disconnect();
equal((await messages.next()).done, true);
await first.disconnect();
await first.connect();
equal(first.connected, true);
await first.disconnect();

const refused = await AsyncClient.open(url, "wrong").catch((error) => error);
equal(refused instanceof AuthenticationError, true);
console.log("all is well");
