/**
 * Plants faults in copies of the code, one at a time, and simulates fleets until a promise is broken:
 * `deno task fleet:plant`. `--seeds 2000` is how many worlds may be needed, `--only TEXT` picks faults.
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import { parseArgs } from "node:util";
import { PLANTED_FAULTS, type PlantedFault } from "./simulation/planted_faults.ts";

const ROOT = fromFileUrl(new URL("../../../", import.meta.url));
const COPIED = ["bot", "client", "tests/bot/fleet", "tests/bot/support", "testing", "deno.json"];

const { values: options } = parseArgs({
  args: Deno.args,
  options: {
    seeds: { type: "string", default: "2000" },
    from: { type: "string", default: "1" },
    only: { type: "string", default: "" },
  },
});

let missed = 0;
for (const fault of PLANTED_FAULTS.filter(({ name }) => name.includes(options.only))) {
  const found = await simulateWith(fault);
  if (found === undefined) missed++;
  console.log(`${found ?? `NOT FOUND within ${options.seeds} worlds`} | ${fault.name}`);
}
if (missed > 0) Deno.exitCode = 1;

/** The first world in which a promise is broken, with the promise; undefined if there is none. */
async function simulateWith(
  { file, code, fault, name }: PlantedFault,
): Promise<string | undefined> {
  const folder = await Deno.makeTempDir();
  try {
    for (const path of COPIED) await copy(join(ROOT, path), join(folder, path));
    const source = await Deno.readTextFile(join(folder, file));
    if (source.split(code).length !== 2) {
      throw new Error(`The code of "${name}" is not in ${file} once. Adapt the planted fault.`);
    }
    await Deno.writeTextFile(join(folder, file), source.replace(code, () => fault));
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "-A", "--unstable-kv", "--no-check", "--no-lock"],
        ...["tests/bot/fleet/simulate.ts", "--first", "--from", options.from],
        ...["--seeds", options.seeds],
      ],
      cwd: folder,
    }).output();
    const output = new TextDecoder().decode(stdout);
    if (!/worlds from seed/.test(output)) throw new Error(new TextDecoder().decode(stderr));
    return /^seed \d+: [^:]+/m.exec(output)?.[0];
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function copy(from: string, to: string): Promise<void> {
  if ((await Deno.stat(from)).isFile) return await Deno.copyFile(from, to);
  await Deno.mkdir(to, { recursive: true });
  for await (const { name } of Deno.readDir(from)) await copy(join(from, name), join(to, name));
}
