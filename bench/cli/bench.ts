/**
 * Measures the command: its startup time compared with bare Deno and the Python package of Roomz, and
 * the chat under load. Linux only.
 *
 * `deno task bench:cli [ROUNDS]`, at least 20 rounds; ROUNDS=0 skips the startup times.
 * @module
 */
import { findPythonWithRoomz } from "../../tests/contract/support/python_environment.ts";
import { ServerProcess } from "../server_process.ts";
import { measureChat } from "./chat_figures.ts";
import { measureStart } from "./start_figures.ts";

const asked = Number(Deno.args[0] ?? 20);
const rounds = asked === 0 ? 0 : Math.max(20, asked);

await using server = await ServerProcess.start(new URL("flood_server.ts", import.meta.url));
const state = await Deno.makeTempDir();
try {
  if (rounds > 0) {
    console.log(`Median [quartiles] of ${rounds} rounds`);
    await measureStart(rounds, server.url, state, await pythonWithRoomz());
    console.log();
  }
  await measureChat(server.url, state);
} finally {
  await Deno.remove(state, { recursive: true });
}

async function pythonWithRoomz(): Promise<string | undefined> {
  const found = await findPythonWithRoomz();
  if ("python" in found) return await found.python();
  console.log(`Not compared with the Python package: ${found.missing}.`);
}
