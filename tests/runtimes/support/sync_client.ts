/**
 * Uses the blocking client on any runtime: its thread has to find its module. Run by runtimes_test.ts;
 * throws if something is wrong.
 * @module
 */
import { equal } from "node:assert/strict";
import process from "node:process";
import { SyncClient } from "../../../client/sync/sync_client.ts";

const [url = "", session = ""] = process.argv.slice(2);
const client = new SyncClient(url, session);
client.connect();
equal(client.connected, true);
equal(client.send("hello").status, "ok");
client.disconnect();
console.log("all is well");
