/**
 * Plants faults in copies of the code, one at a time, and simulates fleets until a promise is broken that
 * holds without the fault: `deno task fleet:plant`. `--seeds 2000` is how many worlds may be needed,
 * `--only TEXT` picks faults.
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
  const found = await find(fault);
  if (found === undefined) missed++;
  console.log(`${found ?? `NOT FOUND within ${options.seeds} worlds`} | ${fault.name}`);
}
if (missed > 0) Deno.exitCode = 1;

/** The first world in which only the fault breaks a promise; undefined if there is none. */
async function find({ file, code, fault, name }: PlantedFault): Promise<string | undefined> {
  const folder = await Deno.makeTempDir();
  try {
    for (const path of COPIED) await copy(join(ROOT, path), join(folder, path));
    const source = await Deno.readTextFile(join(folder, file));
    if (source.split(code).length !== 2) {
      throw new Error(`The code of "${name}" is not in ${file} once. Adapt the planted fault.`);
    }
    await Deno.writeTextFile(join(folder, file), source.replace(code, () => fault));
    const end = Number(options.from) + Number(options.seeds);
    for (let seed = Number(options.from); seed < end; seed++) {
      const broken = await simulate(folder, seed, end - seed);
      if (broken === undefined) return undefined;
      seed = broken.seed;
      if (await simulate(ROOT, seed, 1) === undefined) return `seed ${seed}: ${broken.promise}`;
    }
    return undefined;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The first of `seeds` worlds in which the code in a folder breaks a promise. */
async function simulate(
  folder: string,
  from: number,
  seeds: number,
): Promise<{ seed: number; promise: string } | undefined> {
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", "--unstable-kv", "--no-check", "--no-lock", "--config=deno.json"],
      ...["tests/bot/fleet/simulate.ts", "--first", "--from", `${from}`, "--seeds", `${seeds}`],
    ],
    cwd: folder,
  }).output();
  const output = new TextDecoder().decode(stdout);
  if (!/worlds from seed/.test(output)) throw new Error(new TextDecoder().decode(stderr));
  const [, seed, promise = ""] = /^seed (\d+): ([^:]+)/m.exec(output) ?? [];
  return seed === undefined ? undefined : { seed: Number(seed), promise };
}

async function copy(from: string, to: string): Promise<void> {
  if ((await Deno.stat(from)).isFile) return await Deno.copyFile(from, to);
  await Deno.mkdir(to, { recursive: true });
  for await (const { name } of Deno.readDir(from)) await copy(join(from, name), join(to, name));
}
