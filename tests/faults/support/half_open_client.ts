/**
 * A client whose server is stopped: it disconnects, and ends the process.
 *
 * Arguments: the server's URL and a session. It prints "connected", waits for a line, and prints
 * how long `disconnect()` took, in milliseconds, and how many sockets were abandoned.
 * @module
 */
import { AsyncClient } from "@roomz/roomz/client";
import { readLines, writeLine } from "./lines.ts";

const [url = "", session = ""] = Deno.args;
const client = await AsyncClient.open(url, session);
writeLine("connected");
const orders = readLines(Deno.stdin.readable);
await orders.next();
const start = performance.now();
await client.disconnect();
writeLine(JSON.stringify([performance.now() - start, client.abandonedSockets]));
await orders.next();
Deno.exit();
