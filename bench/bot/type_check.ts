/**
 * How long type checking takes for a bot with 500 commands, and with one.
 * @module
 */
import { fromFileUrl } from "@std/path";
import { type Outcome, quartiles } from "./contest.ts";

const SIGNATURES = [
  "NAME <service> [--env:dev|prod=dev] [--dry-run]",
  "NAME [sides:int=6]",
  "NAME add <text...>",
  "NAME <after:duration> <numbers:number...>",
];

/** Measures `deno check` in a new process, `rounds` times for each size. */
export async function typeCheck(rounds: number, config: string): Promise<Outcome> {
  const folder = await Deno.makeTempDir({
    dir: fromFileUrl(new URL(".", import.meta.url)),
    prefix: "tmp_",
  });
  const times: Record<"500" | "1", number[]> = { "500": [], "1": [] };
  try {
    for (let round = 0; round <= rounds; round++) {
      const order = round % 2 === 0 ? ["500", "1"] as const : ["1", "500"] as const;
      for (const size of order) {
        const file = `${folder}/bot_${size}_${round}.ts`;
        await Deno.writeTextFile(file, sourceOf(Number(size), round));
        const start = performance.now();
        await check(file, config);
        if (round > 0) times[size].push(performance.now() - start);
      }
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  const speeds = (size: "500" | "1") => quartiles(times[size].map((time) => 1_000 / time));
  const ratios = times["500"].map((time, round) => (times["1"][round] ?? NaN) / time);
  return {
    title: "type check of 500 commands, and of 1",
    perSecond: { "500 commands": speeds("500"), "1 command": speeds("1") },
    ratios: { "1 command": { ...quartiles(ratios), wanted: 1 / 2 } },
  };
}

/** Different in every round, because Deno caches type checks. */
function sourceOf(count: number, round: number): string {
  const commands = Array.from({ length: count }, (_, i) => {
    const signature = (SIGNATURES[i % SIGNATURES.length] ?? "").replace("NAME", `command${i}`);
    return `    "${signature}": ({ args }) => \`\${Object.keys(args)} ${round}\`,`;
  });
  return `import { defineBot } from "@roomz/roomz/bot";
export default defineBot({
  name: "bench",
  commands: {
${commands.join("\n")}
  },
});
`;
}

async function check(file: string, config: string): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["check", `--config=${config}`, file],
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}
