/**
 * How long hosts wait for the first answer of `roomz mcp`, next to a bare server of the SDK, interleaved.
 * @module
 */
import { fromFileUrl } from "@std/path";
import { denoConfig } from "../../tests/cli/support/deno_config.ts";
import { mcpCommand } from "../../tests/cli/commands/mcp/support/line_process.ts";
import { median, quantile, report } from "../cli/figures.ts";

const bare = fromFileUrl(new URL("bare_server.ts", import.meta.url));
const _meta = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientCapabilities": {},
};

/** The first exchange of a host. */
const OPENINGS: Readonly<Record<string, unknown>> = {
  "2025": {
    jsonrpc: "2.0",
    id: 1,
    method: "initialize",
    params: {
      protocolVersion: "2025-11-25",
      capabilities: {},
      clientInfo: { name: "bench", version: "1" },
    },
  },
  "2026": { jsonrpc: "2.0", id: 1, method: "server/discover", params: { _meta } },
};

/** Measures `rounds` times. */
export async function measureReady(rounds: number): Promise<void> {
  const { args } = mcpCommand([]);
  const programs: Readonly<Record<string, readonly string[]>> = {
    "bare server": ["run", "-A", `--config=${denoConfig}`, bare],
    "roomz mcp": args,
  };
  for (const [year, opening] of Object.entries(OPENINGS)) {
    const times = Object.fromEntries(Object.keys(programs).map((name) => [name, [] as number[]]));
    // The first round is a warm-up.
    for (let round = 0; round <= rounds; round++) {
      for (const [name, args] of Object.entries(programs)) {
        const time = await timeToAnswer(args, opening);
        if (round > 0) times[name]?.push(time);
      }
    }
    for (const [name, all] of Object.entries(times)) {
      const quartiles = [0.25, 0.75].map((part) => quantile(all, part).toFixed(0)).join("-");
      report(`${name}, first answer of ${year}`, `${median(all).toFixed(1)} ms [${quartiles}]`);
    }
    const ratio = median(times["roomz mcp"] ?? []) / median(times["bare server"] ?? []);
    report(`roomz mcp / bare server, ${year}`, `${ratio.toFixed(2)}x`, "<= 1.5x");
  }
}

async function timeToAnswer(args: readonly string[], opening: unknown): Promise<number> {
  const started = performance.now();
  const child = new Deno.Command(Deno.execPath(), {
    args: [...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const stdin = child.stdin.getWriter();
  await stdin.write(new TextEncoder().encode(`${JSON.stringify(opening)}\n`));
  const stdout = child.stdout.getReader();
  const { value } = await stdout.read();
  const time = performance.now() - started;
  if (!new TextDecoder().decode(value).includes('"result"')) throw new Error("It gave no result.");
  await stdin.close();
  await stdout.cancel();
  await child.status;
  return time;
}
